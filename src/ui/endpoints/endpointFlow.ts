/** From a wish to serve a model to an endpoint that is there: which cards, how many workers, what it can cost, and once. */
import type { InstanceId } from '../../domain/instance.ts';
import { timesRate, zeroRate, type UsdPerHour } from '../../domain/money.ts';
import type { Offer, ProviderId } from '../../domain/offer.ts';
import type { ServerlessCalls, ServerlessPool, ServerlessTerms } from '../../domain/serverless.ts';
import type { Notes } from '../../domain/store.ts';
import type { RentRequest } from '../../services/creating.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { Rentals } from '../../services/rentals.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { goBack } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { amountIn } from '../input.ts';
import { reportError, type ReportDeps } from '../report.ts';
import { usedUp, type Purse } from '../rent/purse.ts';
import { askToRaise } from '../rent/raiseCap.ts';
import { freeName, limitsFor, usualTerms } from '../rent/terms.ts';
import type { Settings } from '../settings.ts';
import { cheapestPod, endpointConsent, poolLine } from './endpointWords.ts';

export interface EndpointDeps extends ReportDeps {
  readonly serverless: ServerlessCalls | undefined;
  readonly rentals: Pick<Rentals, 'createEndpoint'>;
  readonly fleet: Pick<Fleet, 'instances' | 'refresh'>;
  readonly accounts: { readonly signedIn: (provider: ProviderId) => boolean };
  readonly askToSignIn: (provider: ProviderId) => Promise<boolean>;
  readonly notes: Pick<Notes, 'setNote'>;
  readonly settings: Settings;
  readonly offers: () => readonly Offer[];
  readonly purse: (provider: ProviderId) => Purse;
  readonly project: () => string;
  readonly now: () => number;
  readonly practice: boolean;
}

/** Once somebody wants to see them, the account's endpoints are asked for at every look. */
export const endpointsNote = 'endpoints';

export function endpointCommands(deps: EndpointDeps) {
  let busy = false;
  return {
    'gpuRental.endpoint.create': async (): Promise<void> => {
      if (busy) return;
      busy = true;
      try {
        await create(deps);
      } catch (error) {
        await reportError(deps, error, { provider: 'runpod' });
      } finally {
        busy = false;
      }
    },
    'gpuRental.endpoints.show': async (): Promise<void> => {
      if (!(await signedIn(deps))) return;
      deps.notes.setNote(endpointsNote, 'shown');
      await deps.editor.showView('gpuRental.instances');
      await deps.fleet.refresh(undefined, true);
    },
  } satisfies CommandHandlers;
}

const signedIn = async ({ accounts, askToSignIn }: EndpointDeps): Promise<boolean> => accounts.signedIn('runpod') || askToSignIn('runpod');

async function create(deps: EndpointDeps): Promise<void> {
  const { dialogs, editor, fleet, now, offers, practice, project, purse, rentals, serverless, settings, voice } = deps;
  const { t, nameOf } = voice;
  if (serverless === undefined || !(await signedIn(deps))) return;
  const full = usedUp(purse('runpod'));
  if (full !== undefined) return askToRaise(dialogs, editor, full, voice);
  const pools = await dialogs.progress(t('Asking {0} for the price now', nameOf('runpod')), true, (_, signal) => serverless.pools(signal));
  const asked = await askTerms(deps, pools);
  if (asked === undefined) return;
  const { pool, terms, image, env } = asked;
  const at = now();
  const usual = usualTerms(settings, 0, freeName(pool.gpus[0] ?? 'endpoint', fleet.instances.map(({ name }) => name)));
  const offer = asOffer(pool, terms, at);
  const limits = limitsFor(offer, { ...usual, atLimit: 'stop', idleMinutes: 0 });
  const pod = cheapestPod(pool, terms.gpuCount, offers());
  const answer = await dialogs.confirm({ ...endpointConsent({ terms, image, limits, pod, purse: purse('runpod'), now: at, practice }, voice), buttons: [{ id: 'make', label: t('Make it') }], grave: false });
  if (answer === undefined) return;
  const request = { offer, image, env, name: usual.name, project: project(), limits, serverless: terms } satisfies RentRequest;
  const id = await dialogs.progress(t('Making the endpoint {0}', usual.name), true, (_, signal) => rentals.createEndpoint(request, signal));
  await tell(deps, id, usual.name);
}

async function tell({ dialogs, editor, voice: { t } }: EndpointDeps, id: InstanceId, name: string): Promise<void> {
  const answer = await dialogs.notify({
    level: 'info', text: t('The endpoint {0} is there. Its address is at the provider’s console.', name),
    buttons: [{ id: 'console', label: t('Open console') }, { id: 'instances', label: t('Show instances') }],
  });
  if (answer === 'console') await editor.run('gpuRental.instance.openConsole', id);
  if (answer === 'instances') await editor.showView('gpuRental.instances');
}

interface Asked {
  readonly pool: ServerlessPool;
  readonly terms: ServerlessTerms;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
}

async function askTerms({ dialogs, voice }: EndpointDeps, pools: readonly ServerlessPool[]): Promise<Asked | undefined> {
  const { t } = voice;
  const title = t('Make an endpoint');
  const image = await dialogs.input({
    title, prompt: t('The image that its workers run; it must answer RunPod’s requests.'), value: 'runpod/worker-v1-vllm:stable-cuda12.1.0',
    refuse: (text) => (/^[\w./:@-]{1,255}$/.test(text.trim()) ? undefined : t('An image such as {0} is needed.', 'owner/name:tag')),
  });
  if (image === undefined) return undefined;
  const variables = await dialogs.input({
    title, prompt: t('What it is told, as NAME=value with spaces between; may be empty. It stands readable in your account there.'), value: 'MODEL_NAME=', refuse: (text) => (envOf(text) === undefined ? t('NAME=value with spaces between is needed.') : undefined),
  });
  if (variables === undefined) return undefined;
  const pool = await dialogs.pick({ title, placeholder: t('On which cards?'), choices: pools.map((value) => ({ ...poolLine(value, 1, voice), value })) });
  if (pool === undefined || pool === goBack) return undefined;
  const workersMax = await amountIn(dialogs, { title, prompt: t('At most how many workers at once?'), value: 1, least: 1, most: 20 }, voice);
  if (workersMax === undefined) return undefined;
  const idleSeconds = await amountIn(dialogs, { title, prompt: t('How many seconds does a worker wait to be asked again? It costs meanwhile.'), value: 10, least: 1, most: 3600 }, voice);
  if (idleSeconds === undefined) return undefined;
  return {
    pool, image: image.trim(), env: envOf(variables) ?? {},
    terms: { pool: pool.pool, gpuCount: 1, workersMin: 0, workersMax: Math.floor(workersMax), idleSeconds: Math.floor(idleSeconds), each: timesRate(pool.each, 1) },
  };
}

/** Undefined for what is no list of variables; a name without a value is left out. */
export function envOf(text: string): Record<string, string> | undefined {
  const parts = text.trim().split(/\s+/).filter((part) => part !== '');
  const pairs = parts.map((part) => /^([A-Za-z_]\w{0,127})=(.*)$/.exec(part));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.flatMap((pair) => (pair?.[1] !== undefined && pair[2] ? [[pair[1], pair[2]]] : [])));
}

/** What an endpoint has of an offer: where it came from, and which cards. Its price is in its terms. */
const asOffer = ({ pool, gpus, vramGb }: ServerlessPool, { gpuCount }: ServerlessTerms, at: number): Offer => ({
  id: `runpod:serverless/${plain(pool, 40)}`, provider: 'runpod', gpu: gpus[0] ?? '', gpuCount, vramGb,
  price: { gpu: zeroRate as UsdPerHour, disk: zeroRate, stoppedDisk: zeroRate }, diskGb: 0, kind: 'on-demand', tier: 'datacentre', place: '', readAt: at, details: {},
});
