/** Lambda behind the provider port. */
import type { Http } from '../../domain/http.ts';
import type { Provider, ProviderTraits } from '../../domain/provider.ts';
import { lateAdapter } from '../lateAdapter.ts';
import type { LambdaDeps } from './adapter.ts';
import { billedEveryMs } from './billing.ts';
import { usualImage } from './image.ts';

const traits: ProviderTraits = {
  name: 'Lambda',
  defaultImage: usualImage,
  workspaceFolder: '/home/ubuntu',
  keysUrl: 'https://cloud.lambda.ai/api-keys',
  billingUrl: 'https://cloud.lambda.ai/settings/billing',
  usualStartMinutes: [3, 10],
  // A machine has no key of its own, and going down by itself does not end its bill.
  carriesGuard: () => false,
  billedEveryMs,
  noStop: true,
  fixedDisk: true,
  ownImages: true,
};

export const createLambda = (http: Http, deps: LambdaDeps) => ({
  id: 'lambda' as const,
  traits,
  ...lateAdapter(async () => (await import('./adapter.ts')).lambdaAdapter(http, deps)),
}) satisfies Provider;
