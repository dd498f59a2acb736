/** The guard on every machine of a simulation: the model of the shell program, with the machine's own key. */
import type { GuardTerms, LimitAction } from '../../src/domain/guard.ts';
import { born, fresh, guardConfig, spentBy, step, type GuardConfig, type GuardState, type Kept } from '../../src/guard/model.ts';
import type { Provider } from '../../src/practice/faults.ts';
import type { Arrival } from '../../src/practice/httpServer.ts';
import type { Random } from '../../src/practice/random.ts';
import type { Evidence } from './evidence.ts';
import type { Container, MachineEvents } from './machines.ts';
import type { Planned, Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';

export interface GuardParts {
  readonly timeline: Timeline;
  readonly evidence: Evidence;
  readonly weather: Weather;
  readonly random: Random;
  readonly ask: (provider: Provider, arrival: Arrival) => Promise<unknown>;
  /** The terms that the create call of this machine carried. */
  readonly termsOf: (container: Container) => GuardTerms | undefined;
}

/** A guard that runs, as an editor finds it. */
export interface Watching {
  readonly label: string;
  readonly state: GuardState;
  /** Micro-dollars. */
  readonly spent: number;
  /** Seconds. */
  readonly uptime: number;
  write(lease: string): void;
}

interface Watch {
  readonly label: string;
  readonly config: GuardConfig;
  state: GuardState;
  readonly startedAt: number;
  readonly busyUntil: number;
  next: Planned | undefined;
  /** What an editor wrote last. */
  lease: string;
}

export interface Guards extends MachineEvents {
  /** Undefined where none runs. */
  watching(container: Container): Watching | undefined;
}

const tickMs = 15_000;

export function createGuards({ timeline, evidence, weather, random, ask, termsOf }: GuardParts): Guards {
  const watches = new Map<Container, Watch>();
  /** What lies on the disk of each machine. */
  const kept = new Map<string, Kept>();

  const uptimeOf = ({ startedAt }: Watch): number => Math.floor((timeline.now - startedAt) / 1000);

  function tick(container: Container, watch: Watch): void {
    const { state, act } = step(watch.config, watch.state, {
      mono: uptimeOf(watch),
      wall: Math.floor(timeline.now / 1000),
      gpu: timeline.now < watch.busyUntil ? 80 : 0,
      typed: '', moved: false, job: false, afterwards: '', hooked: true,
      lease: watch.lease,
    });
    watch.state = state;
    kept.set(container.dir, state.kept);
    watch.next = timeline.after(tickMs, () => tick(container, watch));
    if (act !== undefined) void send(container, act);
  }

  /** Nobody waits for the answer: the next try comes anyway, until the machine is no more. */
  async function send(container: Container, act: LimitAction): Promise<void> {
    const { provider, arrival } = callOf(container, act);
    evidence.note(timeline.now, `guard ${act} ${arrival.url}`);
    if (weather.outages.has(provider)) return;
    await ask(provider, arrival);
  }

  return {
    started(container) {
      // Whether it carries a guard or not: it is promised to.
      evidence.started.push({ instanceId: instanceOf(container), at: timeline.now });
      const terms = termsOf(container);
      if (terms === undefined) return;
      const config = guardConfig(terms);
      const watch: Watch = {
        label: terms.label,
        config,
        state: born(config, kept.get(container.dir) ?? fresh(config), { mono: 0, wall: Math.floor(timeline.now / 1000) }),
        startedAt: timeline.now,
        busyUntil: random.chance(0.5) ? timeline.now + random.integer(0, 6) * 3_600_000 : 0,
        next: undefined,
        lease: '',
      };
      watches.set(container, watch);
      watch.next = timeline.after(random.integer(0, tickMs), () => tick(container, watch));
    },
    ended(container) {
      watches.get(container)?.next?.cancel();
      watches.delete(container);
    },
    watching(container) {
      const watch = watches.get(container);
      return watch && {
        label: watch.label,
        state: watch.state,
        spent: spentBy(watch.config, watch.state.kept),
        uptime: uptimeOf(watch),
        write: (lease) => void (watch.lease = lease),
      };
    },
  };
}

const instanceOf = ({ env }: Container): string => (env['RUNPOD_POD_ID'] === undefined ? `vast:${env['CONTAINER_ID'] ?? ''}` : `runpod:${env['RUNPOD_POD_ID']}`);

function callOf({ env }: Container, act: LimitAction): { provider: Provider; arrival: Arrival } {
  const pod = env['RUNPOD_POD_ID'];
  const key = env['RUNPOD_API_KEY'] ?? env['CONTAINER_API_KEY'] ?? '';
  const headers = { authorization: `Bearer ${key}`, 'user-agent': 'gpu-rental-guard/1', 'content-type': 'application/json' };
  if (pod !== undefined) {
    const body = JSON.stringify({ action: act === 'destroy' ? 'terminate' : 'stop' });
    return { provider: 'runpod', arrival: { method: 'POST', url: `/v2/pods/${pod}/action`, headers, body, ip: `pod-${pod}` } };
  }
  const id = env['CONTAINER_ID'] ?? '';
  const url = `/api/v0/instances/${id}/`;
  return {
    provider: 'vast',
    arrival: act === 'destroy'
      ? { method: 'DELETE', url, headers, body: '{}', ip: `vast-${id}` }
      : { method: 'PUT', url, headers, body: '{"state":"stopped"}', ip: `vast-${id}` },
  };
}
