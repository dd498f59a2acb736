import type { ProviderId } from '../domain/offer.ts';
import type { ProviderTraits } from '../domain/provider.ts';

export type Links = Readonly<Record<ProviderId, Pick<ProviderTraits, 'keysUrl' | 'billingUrl'>>>;

/** Where a person looks at the same things in the provider's own pages. */
export const consoleUrl: Readonly<Record<ProviderId, { readonly offers: string; readonly instances: string }>> = {
  vast: { offers: 'https://cloud.vast.ai/create/', instances: 'https://cloud.vast.ai/instances/' },
  runpod: { offers: 'https://console.runpod.io/deploy', instances: 'https://console.runpod.io/pods' },
  lambda: { offers: 'https://cloud.lambda.ai/instances', instances: 'https://cloud.lambda.ai/instances' },
};
