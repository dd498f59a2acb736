import assert from 'node:assert/strict';
import { cloudRegions, type CloudList } from '../../../../src/domain/cloudPrice.ts';
import { usdPerHour } from '../../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import { withFresh } from '../../../../src/estimate/catalogue/freshPrices.ts';
import { listPrices } from '../../../../src/estimate/catalogue/prices.ts';
import { firstAsked, sameWorkRows, withChoice, workChoices, type WorkAsked } from '../../../../src/ui/guide/sameWorkRows.ts';
import type { WorkView } from '../../../../src/webview/guide/messages.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { now } from '../support/machines.ts';

const rows = (change: Partial<WorkAsked> = {}, offers: readonly Offer[] = [], prices = listPrices): readonly WorkView[] => sameWorkRows({ asked: { ...firstAsked, ...change }, offers, prices }, english);
const row = (where: string, ...rest: Parameters<typeof rows>): WorkView | undefined => rows(...rest).find((one) => one.where === where);
const id = (key: string): OfferId => `vast:${key}` as OfferId;

describe('the same work elsewhere', () => {
  it('has a row for everybody, live offers first, GPUFlow last', () => {
    const names = rows().map(({ where }) => where);
    assert.deepEqual(names.slice(0, 2), ['Vast.ai', 'RunPod']);
    assert.deepEqual(names.slice(-4), ['AWS', 'Azure', 'Google Cloud', 'GPUFlow']);
    assert.ok(names.includes('Lambda'));
  });

  it('tells the cheapest live offer of as many such cards, and when it was read', () => {
    const offers = [
      offer({ id: id('1'), gpuUsd: 0.5, readAt: now }), offer({ id: id('2'), gpuUsd: 0.31, readAt: now }), offer({ id: id('3'), gpuUsd: 0.2, kind: 'interruptible', readAt: now }),
      offer({ id: id('4'), gpuUsd: 0.1, gpuCount: 2 }), offer({ id: id('5'), gpu: 'RTX 4090 D', gpuUsd: 0.1 }), offer({ id: id('6'), gpuUsd: 0.1, vramGb: 48 }),
    ];
    const vast = row('Vast.ai', {}, offers);
    assert.deepEqual([vast?.price, vast?.spot, vast?.machine, vast?.notes], ['$0.33/h', '$0.22/h', '1× RTX 4090 · Norway', ['40 GB of disk included']]);
    assert.match(vast?.asOf ?? '', /^\d\d:\d\d:\d\d$/);
    assert.deepEqual([row('RunPod', {}, offers)?.price, row('RunPod', {}, offers)?.machine], ['–', 'No offer of these is known now.']);
  });

  it('names the nearest class where a cloud has no such card', () => {
    const aws = row('AWS');
    assert.deepEqual([aws?.price, aws?.machine, aws?.asOf, aws?.source], ['$0.80/h', '1× L4 · g6.xlarge · us-east-1', '2026-07-20', 'karpenter-provider-aws']);
    assert.deepEqual(aws?.notes, ['The nearest class, not the same card: L4 with 24 GB.', '4 vCPU and memory included']);
    assert.equal(row('Google Cloud')?.spot, '$0.40/h');
  });

  it('says that eight are paid for where only eight are sold', () => {
    const aws = row('AWS', { gpu: 'A100|80' });
    assert.deepEqual([aws?.machine, aws?.price, aws?.spot], ['8× A100 SXM · p4de.24xlarge · us-east-1', '$27.45/h', '$14.26/h']);
    assert.ok(aws?.notes.includes('You pay for 8 GPUs.'));
    assert.ok(!row('AWS', { gpu: 'A100|80', count: '8' })?.notes.includes('You pay for 8 GPUs.'), 'all of them are wanted');
  });

  it('says where nothing is large enough, and where nothing was read yet', () => {
    assert.equal(row('Google Cloud', { gpu: 'B200|180' })?.machine, 'It has no card that holds as much.');
    assert.equal(row('Azure', { area: 'europe' })?.machine, 'Its prices in Europe have not been read yet.');
    assert.equal(row('Lambda', { area: 'europe', gpu: 'A100|80' })?.price, row('Lambda', { gpu: 'A100|80' })?.price, 'Lambda asks the same everywhere');
  });

  it('shows what was read anew, with its day, CPU and memory', () => {
    const list: CloudList = {
      cloud: 'gcp', source: 'gcloud-compute.com', at: Date.UTC(2026, 10, 29),
      prices: [{ instance: 'g2-standard-4', region: cloudRegions.gcp.europe, onDemand: usdPerHour(0.9), spot: usdPerHour(0.3), vcpus: 4, ramGb: 16 }],
    };
    const gcp = row('Google Cloud', { area: 'europe' }, [], [...withFresh([list])]);
    assert.deepEqual([gcp?.price, gcp?.spot, gcp?.asOf, gcp?.source, gcp?.notes.at(-1)], ['$0.90/h', '$0.30/h', '2026-11-29', 'gcloud-compute.com', '4 vCPU and 16 GB of memory included']);
  });

  it('prices no rental of GPUFlow', () => {
    const gpuflow = row('GPUFlow');
    assert.deepEqual([gpuflow?.price, gpuflow?.spot, gpuflow?.asOf], ['–', '–', '2026']);
    assert.match(gpuflow?.machine ?? '', /^Lends no machine/);
  });

  it('shows a stranger’s words on one line without marks', () => {
    const vast = row('Vast.ai', {}, [offer({ place: 'Nor\u202eway\n$(x)', readAt: now })]);
    assert.doesNotMatch(vast?.machine ?? '', /[\u202e\n]|\$\(/);
  });
});

describe('what is chosen on the guide', () => {
  it('is one of the choices that the page was given, or nothing', () => {
    for (const { name, options } of workChoices(firstAsked, english.t)) {
      for (const { value } of options) assert.equal(workChoices(withChoice(firstAsked, name, value), english.t).find((choice) => choice.name === name)?.chosen, value);
    }
    for (const [name, value] of [['gpu', 'RTX 9090|99'], ['count', '3'], ['area', 'mars'], ['gpu', '1'], ['other', 'us'], ['__proto__', 'us']] as const) assert.deepEqual(withChoice(firstAsked, name, value), firstAsked);
  });

  it('is always among its options', () => {
    for (const { chosen, options } of workChoices(firstAsked, english.t)) assert.ok(options.some(({ value }) => value === chosen));
  });
});
