import { isAbort, isRentError, RentError } from '../domain/errors.ts';
import type { Endpoint, InstanceId, SeenInstance } from '../domain/instance.ts';
import { dearerThanAgreed, type Launch } from '../domain/launch.ts';
import type { UsdPerHour } from '../domain/money.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { Provider } from '../domain/provider.ts';
import type { MachineReport, ReachOptions, ReachStep, Ssh } from '../domain/ssh.ts';
import { listLagMs } from '../domain/reconcile.ts';
import type { Store } from '../domain/store.ts';
import { attend } from './attendance.ts';
import type { Fleet } from './fleet.ts';
import type { HostMemory } from './hostMemory.ts';

/** What is happening to a machine that somebody waits for. */
export type RentStage =
  | 'asking' | 'resolving' | 'starting' | 'pulling' | 'booting' | 'waitingForSsh' | 'checkingHostKey' | 'signingIn' | 'cancelling' | 'stoppingAgain';

export interface Ready {
  readonly instanceId: InstanceId;
  readonly launch: Launch;
  readonly alias: string;
  readonly hostFile: string;
  readonly report: MachineReport;
}

export interface ReadinessDeps {
  readonly store: Store;
  readonly fleet: Fleet;
  readonly ssh: Ssh;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears how it went, for the next time that its host is offered. */
  readonly hosts?: Pick<HostMemory, 'failed' | 'met'>;
}

export interface Awaited {
  readonly launch: Launch;
  readonly instanceId: InstanceId;
  readonly publicKey: string;
  /** Checked against the machine's real rate when a rental begins. */
  readonly agreed?: UsdPerHour;
}

const lookEveryMs = 3000;
const usualStartMs = 3 * 60_000;
/** A provider's reads can lag its creates: until then not knowing a machine means nothing. */
const missingLimitMs = listLagMs;
/** Image pulls of many gigabytes happen; longer than this is a dud host. */
const startLimitMs = 20 * 60_000;
const sshLimitMs = 6 * 60_000;

export async function becomeReady(...asked: Parameters<typeof untilReady>): Promise<Ready> {
  const [{ hosts }, , { launch }] = asked;
  try {
    const ready = await untilReady(...asked);
    hosts?.met(launch, ready.report.gpus);
    return ready;
  } catch (error) {
    hosts?.failed(launch, error);
    throw error;
  }
}

/** API says running, then SSH answers with the right host key, then our key opens it, then the host entry is written. */
async function untilReady(deps: ReadinessDeps, provider: Provider, awaited: Awaited, onStage: (stage: RentStage) => void, signal: AbortSignal): Promise<Ready> {
  const { launch, instanceId, publicKey } = awaited;
  await untilRunning(deps, provider, awaited, onStage, signal);
  await admit(deps, provider, instanceId, publicKey, signal);
  const report = await deps.ssh.reach({
    alias: launch.id,
    endpoints: () => endpointsOf(deps, provider, awaited, signal),
    ...machineLogOf(provider, instanceId),
    onStep: (step) => onStage(stageOf(step)),
    timeoutMs: sshLimitMs,
    signal,
  });
  const hostFile = await deps.ssh.writeHost({ alias: launch.id, endpoint: report.endpoint });
  // It was stopped or destroyed while we waited, here or in another window.
  if (!deps.store.mark(launch.id, 'ready')) throw new RentError('notAllowed', { detail: 'it was stopped or destroyed meanwhile' });
  deps.fleet.announce();
  return { instanceId, launch: deps.store.launch(launch.id) ?? launch, alias: launch.id, hostFile, report };
}

async function untilRunning(deps: ReadinessDeps, provider: Provider, awaited: Awaited, onStage: (stage: RentStage) => void, signal: AbortSignal): Promise<void> {
  const { agreed } = awaited;
  const deadline = deps.clock.elapsed() + startLimitMs;
  const missingLimit = deps.clock.elapsed() + missingLimitMs;
  let priced = false;
  for (;;) {
    const seen = await look(deps, provider, awaited, signal);
    if (seen === undefined) {
      if (deps.clock.elapsed() > missingLimit) throw new RentError('dud', { detail: 'the provider does not know it' });
    } else {
      if (agreed !== undefined && !priced && seen.rates.running > 0) {
        priced = true;
        if (dearerThanAgreed(agreed, seen.rates.running)) throw new RentError('priceChanged', { detail: `${seen.rates.running} instead of ${agreed}` });
      }
      if (seen.state === 'ready') return;
      failIfDead(seen);
      onStage(seen.stage === undefined || seen.stage === 'scheduling' ? 'starting' : seen.stage);
    }
    // What is slow to come is not faster for being asked: a provider rations looks.
    const slow = deps.clock.elapsed() > deadline - startLimitMs + usualStartMs;
    if (deps.clock.elapsed() > deadline) throw new RentError('dud', { detail: seen?.statusText ?? 'it never started' });
    await deps.clock.sleep(slow ? 4 * lookEveryMs : lookEveryMs, signal);
  }
}

function failIfDead(seen: SeenInstance): void {
  const detail = seen.statusText;
  if (seen.state === 'failed') throw new RentError(/manifest|pull|repository|resolve ref|unauthorized/i.test(detail) ? 'badImage' : 'dud', { detail });
  if (seen.state === 'stopped') throw new RentError(seen.outbid ? 'bidTooLow' : 'dud', { detail });
}

/** A provider that does not answer for a moment is not a failed machine. */
async function look(deps: ReadinessDeps, provider: Provider, { launch, instanceId: id }: Awaited, signal: AbortSignal): Promise<SeenInstance | undefined> {
  const key = id.slice(provider.id.length + 1);
  for (let tries = 0; ; tries++) {
    attend(deps, launch.id);
    try {
      const found = await provider.get(key, signal);
      if (found) deps.fleet.see(found.instance, found.at);
      return found?.instance;
    } catch (error) {
      if (isAbort(error) || isRentError(error, 'auth', 'forbidden', 'twoFactor') || tries >= 20) throw error;
      deps.log.warn(`could not look at ${id}`, error);
      await deps.clock.sleep(lookEveryMs, signal);
    }
  }
}

async function admit(deps: ReadinessDeps, provider: Provider, id: InstanceId, publicKey: string, signal: AbortSignal): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await provider.admitKey(id.slice(provider.id.length + 1), publicKey, signal);
    } catch (error) {
      if (isAbort(error) || tries >= 4) throw error;
      deps.log.warn(`key not attached to ${id} yet`, error);
      await deps.clock.sleep(lookEveryMs, signal);
    }
  }
}

/** What a machine says of its host key where nobody between us and it can change it. */
function machineLogOf(provider: Provider, id: InstanceId): Pick<ReachOptions, 'machineLog'> {
  if (provider.logs === undefined) return {};
  const key = id.slice(provider.id.length + 1);
  const read = async (signal: AbortSignal): Promise<string> => (await provider.logs?.(key, signal)) ?? '';
  return { machineLog: { read, fingerprints: provider.traits.fingerprintsInLog === true } };
}

async function endpointsOf(deps: ReadinessDeps, provider: Provider, awaited: Awaited, signal: AbortSignal): Promise<readonly Endpoint[]> {
  const seen = await look(deps, provider, awaited, signal);
  if (seen === undefined) throw new RentError('gone');
  failIfDead(seen);
  return seen.endpoints;
}

function stageOf(step: ReachStep): RentStage {
  return step === 'waitingForAddress' ? 'waitingForSsh' : step;
}
