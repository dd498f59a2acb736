import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { allIn, type OfferKind } from '../../../../src/domain/offer.ts';
import { readOffers, type OfferRead } from '../../../../src/providers/vast/searchCalls.ts';
import { at, recorded } from './support.ts';

const row = recorded('offer');
const read = (rows: readonly unknown[], kind: OfferKind = 'on-demand', diskGb = 40): OfferRead => readOffers(rows, { kind, diskGb, at });
const only = (change: Readonly<Record<string, unknown>> = {}, kind: OfferKind = 'on-demand') => [...read([{ ...row, ...change }], kind).offers.values()][0];

describe('an offer of Vast', () => {
  it('is read from its row', () => {
    assert.deepEqual(only(), {
      id: 'vast:21530417',
      provider: 'vast',
      gpu: 'RTX 4090',
      gpuCount: 1,
      vramGb: 24,
      price: { gpu: 350_000, disk: 8_333, stoppedDisk: 8_333 },
      diskGb: 40,
      kind: 'on-demand',
      tier: 'community',
      reliability: 0.9962113,
      place: 'Norway',
      country: 'NO',
      readAt: at,
      details: {
        machineId: '31877', hostId: '60218', cpuName: 'AMD EPYC 7543 32-Core Processor', cpuCores: 16, ramGb: 63, diskName: 'SAMSUNG MZQL23T8HCLS',
        diskMbPerS: 3120.42, maxDiskGb: 911.25, downMbps: 2118.4, upMbps: 805.9, downUsdPerGb: 0.003, upUsdPerGb: 0.005, pcieGbPerS: 24.1, cuda: '12.8',
        driver: '570.124.04', availableUntil: Date.UTC(2027, 1, 27, 16), listedSince: Date.UTC(2026, 8, 22) + 250, verified: true, directSsh: true,
      },
    });
  });

  it('costs what the row says in total, when the row was priced for the same disk', () => {
    const offer = only();
    assert.ok(offer && Math.abs(allIn(offer) - Number(row['dph_total']) * 1e6) <= 1);
  });

  it('is another offer as an interruptible one, at the least bid that holds it', () => {
    const offer = only({}, 'interruptible');
    assert.equal(offer?.id, 'vast:21530417-bid');
    assert.equal(offer.kind, 'interruptible');
    assert.deepEqual(offer.price, { gpu: 213_334, disk: 8_333, stoppedDisk: 8_333 });
  });

  it('is priced for the disk asked, whatever disk the row was priced for', () => {
    const [offer] = read([{ ...row, dph_total: 0.351, storage_total_cost: 0.001 }], 'on-demand', 480).offers.values();
    assert.equal(offer?.price.disk, 100_000);
    assert.equal(offer.diskGb, 480);
  });

  for (const [what, change, expected] of [
    ['a datacentre', { hosting_type: 1 }, { tier: 'datacentre' }],
    ['an unknown hosting', { hosting_type: null }, { tier: 'community' }],
    ['no geolocation', { geolocation: null }, { place: '' }],
    ['a share of a machine whose cores are unknown', { cpu_cores: null }, {}],
    ['numbers written as text', { num_gpus: '2', dph_base: '0.7', gpu_ram: '24564', ask_contract_id: '21530417' }, { gpuCount: 2, id: 'vast:21530417' }],
    ['no other id than id', { ask_contract_id: undefined }, { id: 'vast:21530417' }],
    ['a name from elsewhere', { gpu_name: 'RTX_6000Ada' }, { gpu: 'RTX 6000 Ada' }],
    ['control characters in its name', { gpu_name: 'RTX\u001B[31m 4090\n' }, { gpu: 'RTX [31m 4090' }],
  ] as const) {
    it(`is read with ${what}`, () => {
      const offer = only(change);
      assert.ok(offer);
      for (const [name, value] of Object.entries(expected)) assert.deepEqual(offer[name as keyof typeof offer], value);
    });
  }

  it('has no reliability, rather than a made-up one, when none or nonsense is published', () => {
    for (const value of [null, undefined, 1.2, -1, 'high']) {
      assert.equal(only({ reliability: value, reliability2: value })?.reliability, undefined, String(value));
    }
    assert.equal(only({ reliability: undefined })?.reliability, 0.9962113);
  });

  it('says whether its host is verified only when it is said', () => {
    assert.equal(only({ verification: 'deverified' })?.details.verified, false);
    assert.equal(only({ verification: null })?.details.verified, undefined);
    assert.equal(only({ direct_port_count: 0 })?.details.directSsh, false);
  });

  it('keeps strangers\' text short and plain', () => {
    const details = only({ cpu_name: `${'x'.repeat(500)}\u202E`, disk_name: '\n', driver_version: null })?.details;
    assert.equal(details?.cpuName?.length, 80);
    assert.ok(details && !('diskName' in details) && !('driver' in details));
  });
});

describe('the rows of a search', () => {
  it('that cannot be read are dropped and counted, and say why', () => {
    const bad = [
      { ...row, gpu_name: null }, { ...row, num_gpus: 0 }, { ...row, num_gpus: 1.5 }, { ...row, gpu_ram: 'much' }, { ...row, dph_base: null }, { ...row, dph_base: -0.1 },
      { ...row, dph_base: 0 }, { ...row, id: null, ask_contract_id: null }, { ...row, storage_cost: null, dph_total: null }, null, 7, 'row', [],
    ];
    const result = read([...bad, row]);
    assert.equal(result.dropped, bad.length);
    assert.equal(result.length, bad.length + 1);
    assert.deepEqual([...result.offers.keys()], [21530417]);
    assert.match(result.problem ?? '', /gpu_name/);
    assert.equal(read([row]).problem, undefined);
  });

  it('that nobody can bid on are no interruptible offers', () => {
    for (const min_bid of [null, 0, 0.0001]) assert.deepEqual([read([{ ...row, min_bid }], 'interruptible').dropped, read([{ ...row, min_bid }]).dropped], [1, 0]);
  });

  it('that are no GPU, taken, or too small are left out without a word', () => {
    const result = read([{ ...row, resource_type: 'disk', num_gpus: 0, gpu_name: null }, { ...row, rentable: false }, { ...row, disk_space: 39.9 }]);
    assert.deepEqual([result.offers.size, result.dropped, result.length], [0, 0, 3]);
  });

  it('never break the reading, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...Object.keys(row)), fc.jsonValue()).map((change) => ({ ...row, ...change })))), (rows) => {
        const result = read(rows);
        assert.ok(result.dropped + result.offers.size <= rows.length);
        for (const offer of result.offers.values()) {
          assert.ok(Number.isSafeInteger(offer.price.gpu) && offer.price.gpu >= 0 && Number.isSafeInteger(offer.price.disk) && offer.price.disk >= 0);
          assert.ok(Number.isInteger(offer.gpuCount) && offer.gpuCount > 0 && offer.gpu.length <= 80);
        }
      }),
    );
  });
});
