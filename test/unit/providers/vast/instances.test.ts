import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { readInstance } from '../../../../src/providers/vast/instances.ts';
import { recorded } from './support.ts';

const row = recorded('instance');
const read = (change: Readonly<Record<string, unknown>> = {}) => readInstance({ ...row, ...change }) ?? assert.fail('unreadable');

describe('an instance of Vast', () => {
  it('is read from its row', () => {
    assert.deepEqual(read(), {
      id: 'vast:27104455',
      provider: 'vast',
      key: '27104455',
      label: 'gpu-rental-ab12cd-01kav0000000000000000000',
      gpu: 'RTX 4090',
      gpuCount: 1,
      vramGb: 24,
      place: 'Norway',
      kind: 'on-demand',
      diskGb: 40,
      state: 'ready',
      outbid: false,
      rates: { running: 358_333, failed: 8_333, stopped: 8_333 },
      endpoints: [
        { host: '198.51.100.14', port: 41_022, user: 'root', viaProxy: false },
        { host: 'ssh7.vast.ai', port: 34_454, user: 'root', viaProxy: true },
      ],
      createdAt: 1_795_348_800_500,
      statusText: 'success, running vastai/pytorch_2.8.0-cuda-12.8.1-py312/ssh',
      image: 'vastai/pytorch:2.8.0-cuda-12.8.1-py312',
    });
  });

  it('shows neither the tokens nor the environment of its row', () => {
    const text = JSON.stringify(read({ status_msg: `token ${String(row['jupyter_token'])}` }));
    assert.ok(!text.includes(String(row['jupyter_token'])) && !text.includes('WORD'));
  });

  it('is read as the documentation shows it, though that says little', () => {
    const { instances } = recorded('instanceAsDocumented');
    const seen = readInstance(instances);
    assert.ok(seen);
    assert.deepEqual([seen.id, seen.state, seen.gpu, seen.label, seen.endpoints, seen.place], ['vast:902', 'unknown', 'RTX A4000', '', [], 'Oregon, US']);
    assert.deepEqual(seen.rates, { running: 502_500, failed: 2_500, stopped: 2_500 });
  });

  it('keeps its rates while it is stopped, when Vast still shows the full one', () => {
    const seen = read({ actual_status: 'exited', intended_status: 'stopped', cur_state: 'stopped', next_state: 'stopped', ports: null });
    assert.deepEqual([seen.state, seen.rates, seen.endpoints], ['stopped', { running: 358_333, failed: 8_333, stopped: 8_333 }, []]);
  });

  for (const [what, change, rates] of [
    ['no total', { dph_total: null }, { running: 358_333, failed: 8_333, stopped: 8_333 }],
    ['no price of its disk in all', { storage_total_cost: null }, { running: 358_333, failed: 8_333, stopped: 8_333 }],
    ['no price of its disk', { storage_total_cost: null, storage_cost: null }, { running: 358_333, failed: 8_333, stopped: 8_333 }],
    ['a discount that was paid for', { discounted_dph_total: 0.2, credit_balance: 12 }, { running: 200_000, failed: 8_333, stopped: 8_333 }],
    ['a discount that is only advertised', { discounted_dph_total: 0.2 }, { running: 358_333, failed: 8_333, stopped: 8_333 }],
    ['prices written as text', { dph_total: '0.5', storage_total_cost: '0.01' }, { running: 500_000, failed: 10_000, stopped: 10_000 }],
  ] as const) {
    it(`has its rates with ${what}`, () => assert.deepEqual(read(change).rates, rates));
  }

  for (const [what, change] of [
    ['which it is', { id: null }],
    ['which it is, in digits', { id: '../7' }],
    ['what it costs', { dph_total: null, dph_base: null }],
    ['what it costs, in numbers', { dph_total: 'much', dph_base: 'more' }],
    ['its status in words', { actual_status: 7 }],
  ] as const) {
    it(`is unreadable when it does not say ${what}`, () => assert.equal(readInstance({ ...row, ...change }), undefined));
  }

  it('leads nowhere while it is stopped, whatever addresses its row still holds', () => {
    for (const actual_status of ['exited', 'running']) {
      assert.deepEqual(read({ actual_status, intended_status: 'stopped', cur_state: 'stopped', next_state: 'stopped' }).endpoints, []);
    }
  });

  it('that runs and has no address yet is still starting', () => {
    const seen = read({ ports: null, ssh_host: null });
    assert.deepEqual([seen.state, seen.stage, seen.endpoints], ['starting', 'waitingForSsh', []]);
  });

  it('is interruptible when it was bid for', () => {
    const seen = read({ is_bid: true, actual_status: 'exited', cur_state: 'stopped', next_state: 'stopped' });
    assert.deepEqual([seen.kind, seen.state, seen.outbid], ['interruptible', 'stopped', true]);
  });

  it('is read, or is unreadable, whatever its columns hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(row)), fc.jsonValue(), { maxKeys: 8 }), (change) => {
        const seen = readInstance({ ...row, ...change });
        if (seen === undefined) return;
        assert.ok(/^vast:\d+$/.test(seen.id) && seen.label.length <= 256 && seen.statusText.length <= 300);
        assert.ok(Number.isSafeInteger(seen.rates.running) && Number.isSafeInteger(seen.rates.stopped));
        for (const { host, port } of seen.endpoints) assert.ok(/^[A-Za-z0-9:][A-Za-z0-9.:-]*$/.test(host) && port > 0 && port < 65_536);
      }),
    );
  });

  it('is nothing for what is no row', () => {
    for (const raw of [null, undefined, 7, 'row', [], {}]) assert.equal(readInstance(raw), undefined);
  });
});
