import assert from 'node:assert/strict';
import type { OfferId } from '../../../../src/domain/offer.ts';
import type { EstimateSession } from '../../../../src/ui/estimate/session.ts';
import { offer } from '../../../fakes/offers.ts';
import { until } from '../../../host/until.ts';
import { sessionBench } from './support/fakeEstimator.ts';

const hours = (session: EstimateSession): number | undefined => session.state.estimates?.ranked[0]?.hours.likely;
const epochs = (session: EstimateSession): number | undefined => session.state.reading?.workload.epochs;

describe('a script that is being estimated', () => {
  it('is read, then estimated on what is for sale', async () => {
    const { session, bench } = sessionBench([offer()]);
    assert.deepEqual([session.state.busy, session.state.reading], [true, undefined]);
    await session.update();
    assert.deepEqual([session.state.busy, epochs(session), hours(session), session.state.path, session.state.at], [false, 3, 3, 'train_lora.py', bench.clock.now()]);
  });

  it('is read once for many changes in a row, when it has been quiet for a moment', async () => {
    const { session, bench } = sessionBench([offer()]);
    await session.update();
    for (const text of ['epochs = 4', 'epochs = 5', 'epochs = 6']) bench.type(text);
    await until('the last text to be read', () => epochs(session) === 6);
    assert.deepEqual(bench.estimator.reads, ['epochs = 3', 'epochs = 6']);
  });

  it('is not read again because prices have changed', async () => {
    const { session, bench } = sessionBench([offer()]);
    await session.update();
    bench.sell([offer(), offer({ id: 'vast:2' as OfferId })]);
    await until('the new offer', () => session.state.estimates?.all.length === 2);
    assert.deepEqual([bench.estimator.reads.length, bench.estimator.estimated], [1, 2]);
  });

  it('takes in what changes while it is being read', async () => {
    const { session, bench } = sessionBench([offer()]);
    bench.estimator.meanwhile = () => {
      bench.estimator.meanwhile = () => undefined;
      bench.text = 'epochs = 9';
      void session.update();
    };
    await session.update();
    assert.equal(epochs(session), 9);
  });

  it('counts with what a person says, until they take it back', async () => {
    const { session } = sessionBench([offer()]);
    await session.update();
    await session.give('epochs', '7');
    assert.deepEqual([hours(session), session.state.given.get('epochs')], [7, 7]);
    await session.takeBack('epochs');
    assert.deepEqual([hours(session), session.state.given.size], [3, 0]);
  });

  it('keeps what was said while the script changes', async () => {
    const { session, bench } = sessionBench([offer()]);
    await session.give('epochs', '7');
    bench.text = 'epochs = 2';
    await session.update();
    assert.equal(epochs(session), 7);
  });

  it('refuses what cannot be, and changes nothing', async () => {
    const { session, bench } = sessionBench([offer()]);
    await session.update();
    await session.give('epochs', '-1');
    assert.deepEqual([session.state.refused, epochs(session), bench.estimator.reads.length], ['epochs', 3, 1]);
    await session.give('epochs', '2');
    assert.deepEqual([session.state.refused, epochs(session)], [undefined, 2]);
  });

  it('says that it failed, and goes on when it works again', async () => {
    const { session, bench } = sessionBench([offer()]);
    bench.estimator.failure = new Error('no grammar');
    await session.update();
    assert.deepEqual([session.state.failed, session.state.busy], [true, false]);
    assert.match(bench.log.lines.join('\n'), /error train_lora\.py could not be read.*no grammar/);
    bench.estimator.failure = undefined;
    await session.update();
    assert.deepEqual([session.state.failed, epochs(session)], [false, 3]);
  });

  it('tells every change, and nothing once it has ended', async () => {
    const { session, bench } = sessionBench([offer()]);
    let told = 0;
    session.onDidChange(() => told++);
    await session.update();
    assert.equal(told, 1);
    bench.type('epochs = 8');
    session.dispose();
    await bench.clock.sleep(1000);
    await bench.clock.sleep(1000);
    assert.deepEqual([told, epochs(session), bench.estimator.reads.length], [1, 3, 1]);
  });

  it('lets go of its script and its market', () => {
    const { session, bench } = sessionBench([]);
    session.dispose();
    bench.type('x');
    bench.sell([]);
    assert.deepEqual(bench.clock.slept, []);
  });
});
