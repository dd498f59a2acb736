import { createEmitter } from '../../../../../src/domain/emitter.ts';
import type { Offer } from '../../../../../src/domain/offer.ts';
import type { SourceFile } from '../../../../../src/domain/source.ts';
import type { Reading } from '../../../../../src/estimate/facts.ts';
import type { MeasuredRun } from '../../../../../src/estimate/learn/measuredRun.ts';
import type { HubNames } from '../../../../../src/estimate/read/hub.ts';
import type { Given } from '../../../../../src/estimate/read/given.ts';
import type { Estimator } from '../../../../../src/ui/estimate/estimator.ts';
import { EstimateSession, type Script } from '../../../../../src/ui/estimate/session.ts';
import { FakeClock } from '../../../../fakes/fakeClock.ts';
import { FakeLog } from '../../../../fakes/fakeLog.ts';
import { estimate, estimates, path, reading, workload } from './estimates.ts';

/** Reads `epochs = 3` and nothing else; an epoch takes an hour on every offer. */
export class FakeEstimator implements Estimator {
  reads: string[] = [];
  estimated = 0;
  failure: Error | undefined;
  /** Runs while a reading is under way. */
  meanwhile: () => void = () => undefined;

  async read(files: readonly SourceFile[], { given }: { readonly given: Given }): Promise<Reading> {
    const text = files[0]?.text ?? '';
    this.reads.push(text);
    await Promise.resolve();
    this.meanwhile();
    if (this.failure) throw this.failure;
    const epochs = given.get('epochs') ?? Number(/epochs = (\d+)/.exec(text)?.[1] ?? 1);
    return reading({ workload: workload({ epochs: Number(epochs) }), facts: [{ name: 'epochs', value: epochs, source: given.has('epochs') ? 'user' : 'script', certainty: 'stated', file: path, line: 1 }] });
  }

  asked: HubNames[] = [];
  found = 1;

  lookUp(names: HubNames): Promise<number> {
    this.asked.push(names);
    return Promise.resolve(this.found);
  }

  learned: MeasuredRun[] = [];
  comparable = true;

  learn(_reading: Reading, measured: MeasuredRun): Promise<boolean> {
    if (this.comparable) this.learned.push(measured);
    return Promise.resolve(this.comparable);
  }

  estimate(from: Reading, offers: readonly Offer[]) {
    this.estimated++;
    return Promise.resolve(estimates(offers.map((offer) => ({ ...estimate({ hours: from.workload.epochs ?? 1 }), offer }))));
  }
}

/** A session over a text that the test types, and offers that it changes. */
export function sessionBench(offers: readonly Offer[]) {
  const typed = createEmitter<void>();
  const market = createEmitter<void>();
  const bench = {
    text: 'epochs = 3',
    offers,
    forgotten: 0,
    estimator: new FakeEstimator(),
    clock: new FakeClock(),
    log: new FakeLog(),
    type(text: string): void {
      bench.text = text;
      typed.fire();
    },
    sell(now: readonly Offer[]): void {
      bench.offers = now;
      market.fire();
    },
  };
  const script: Script = {
    key: `file:///${path}`,
    name: path,
    files: () => Promise.resolve([{ path, text: bench.text }]),
    forget: () => void bench.forgotten++,
    onDidChange: (listener) => typed.event(listener),
  };
  const session = new EstimateSession(script, { estimator: bench.estimator, offers: () => bench.offers, onOffersChange: (listener) => market.event(listener), clock: bench.clock, log: bench.log });
  return { bench, session };
}
