import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isDefiniteRefusal } from '../../../../src/domain/errors.ts';
import { perMonth, toDollars, usdPerHour } from '../../../../src/domain/money.ts';
import type { Volume, VolumeSite } from '../../../../src/domain/volume.ts';
import { attach } from '../../../../src/providers/vast/attach.ts';
import { createVolume, deleteVolume, listVolumes, searchVolumes, vastVolumes } from '../../../../src/providers/vast/volumes.ts';
import { create } from '../../../../src/providers/vast/create.ts';
import { offer } from '../../../fakes/offers.ts';
import { answer, never, outcome, recorded, scripted, withCode } from './support.ts';

const volume: Volume = { id: 'vast:881', provider: 'vast', key: '881', name: 'datasets', sizeGb: 100, site: '36683', place: 'Norway', usedBy: [] };
const site: VolumeSite = { provider: 'vast', key: '1000036683', site: '36683', place: 'Norway', leastGb: 1, mostGb: 500, rateFor: () => usdPerHour(0.01) };
const order = { site, name: 'datasets', sizeGb: 99.2 };

describe('volumes of Vast', () => {
  it('are what they cost, where they lie and who uses them; an unreadable one makes the list incomplete', () => {
    const { volumes, complete } = listVolumes().read(answer(recorded('volumes')));
    assert.equal(complete, false);
    const [first, second, ...rest] = volumes;
    assert.equal(rest.length, 0);
    assert.deepEqual(first, { id: 'vast:20118481', provider: 'vast', key: '20118481', name: 'datasets', sizeGb: 100, site: '36683', place: 'Norway', rate: usdPerHour(100 * 0.1 / 720), usedBy: ['883', '884'] });
    assert.deepEqual([second?.name, second?.sizeGb, second?.rate, second?.place], ['V.20118490', 15, usdPerHour(15 * 0.6 / 720), '']);
    assert.deepEqual([listVolumes().path, listVolumes().query], ['/api/v0/volumes/', { owner: 'me', type: 'all_volume' }]);
  });

  it('are searched for on the machines that were asked about, and on no others', () => {
    const call = searchVolumes(['36683', '12']);
    assert.deepEqual((call.body as Record<string, unknown>)['machine_id'], { in: [36683, 12] });
    const rows = [
      { id: 7, ask_contract_id: 7, machine_id: 36683, disk_space: 250.7, storage_cost: 0.2, geolocation: 'Texas, US' },
      { id: 8, machine_id: 999, disk_space: 100, storage_cost: 0.1 },
      { id: 9, machine_id: 12, disk_space: 0, storage_cost: 0.1 },
      { machine_id: 12, disk_space: 10, storage_cost: 0.1 },
    ];
    const sites = call.read(answer({ offers: rows }));
    assert.deepEqual(sites.map(({ key, site: where, place, mostGb }) => [key, where, place, mostGb]), [['7', '36683', 'Texas, US', 250]]);
    assert.equal(sites[0]?.rateFor(72), usdPerHour(72 * 0.2 / 720));
  });

  it('ask about no machine without a request', async () => {
    const http = scripted(() => assert.fail('asked'));
    assert.deepEqual(await vastVolumes(http).sites([], never()), []);
    assert.throws(() => searchVolumes(['1; drop']), withCode('badRequest'));
  });

  it('are made by one request, and known by what it answers', () => {
    const call = createVolume(order);
    assert.deepEqual([call.method, call.path, call.retry, call.body], ['PUT', '/api/v0/volumes/', 'never', { id: 1000036683, size: 100, name: 'datasets' }]);
    assert.equal(call.read(answer({ success: true, volume_name: 'V.20118481' })), '20118481');
    assert.equal(call.read(answer({ success: true, volume_name: 'odd', volume_id: 5 })), '5');
    assert.equal((outcome(call, answer({ success: true })) as { code: string }).code, 'badResponse');
  });

  it('were clearly refused, or nobody knows', () => {
    const refused = (body: unknown, status: number) => {
      try {
        createVolume(order).read(answer(body, status));
        return assert.fail('it went well');
      } catch (error) {
        return isDefiniteRefusal(error);
      }
    };
    assert.ok(refused({ success: false, error: 'no_such_ask', msg: 'offer is no longer available' }, 410));
    assert.ok(refused({ success: false, error: 'insufficient_credit' }, 400));
    assert.ok(refused({ success: false, error: 'invalid_args', msg: 'size' }, 400));
    assert.ok(!refused('<html>', 502));
    assert.ok(!refused('', 200));
  });

  it('go by their id, are gone when they are gone, and stay while they are used', () => {
    assert.deepEqual([deleteVolume('881').method, deleteVolume('881').query], ['DELETE', { id: '881' }]);
    assert.equal(deleteVolume('881').read(answer({ success: true })), undefined);
    assert.equal(deleteVolume('881').read(answer({ success: false, error: 'no_such_volume', msg: 'Volume with that ID does not exist.' }, 404)), undefined);
    assert.equal((outcome(deleteVolume('881'), answer({ success: false, error: 'invalid_args', msg: 'Volume is attached to an instance.' }, 400)) as { code: string }).code, 'notAllowed');
    assert.equal((outcome(deleteVolume('881'), answer({ success: false, error: 'auth_error', msg: 'Invalid user key' }, 404)) as { code: string }).code, 'auth');
    for (const key of ['', '0', '../1', '1?x', 'V.1']) assert.throws(() => deleteVolume(key), withCode('badRequest'), key);
  });

  it('can be had on their own machine alone, at the price of the offer', () => {
    const there = offer({ details: { machineId: '36683' } });
    assert.equal(attach(there, volume), there);
    for (const other of [offer({ details: { machineId: '12' } }), offer(), offer({ provider: 'runpod', details: { machineId: '36683' } })]) assert.equal(attach(other, volume), undefined);
    assert.equal(attach(there, { ...volume, provider: 'runpod' }), undefined);
  });

  it('are named in the create call by their number', () => {
    const there = offer({ details: { machineId: '36683' } });
    const body = create({ offer: there, label: 'gpu-rental-x', image: 'a/b', publicKey: 'k', env: {}, volume, command: 'entrypoint.sh' }, 'https://console.vast.ai').body as Record<string, unknown>;
    assert.deepEqual(body['volume_info'], { create_new: false, volume_id: 881, mount_path: '/data' });
    assert.equal(body['onstart'], 'touch ~/.no_auto_tmux\nentrypoint.sh');
  });

  it('never read an answer that throws something else, and never a negative price', () => {
    fc.assert(fc.property(fc.array(fc.record({ id: fc.anything(), disk_space: fc.anything(), machine_id: fc.anything(), storage_total_cost: fc.anything(), label: fc.anything(), instances: fc.anything() }, { requiredKeys: [] })), (volumes) => {
      const json: unknown = JSON.parse(JSON.stringify({ volumes }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
      for (const { rate, sizeGb, key } of listVolumes().read(answer(json)).volumes) assert.ok((rate === undefined || toDollars(perMonth(rate)) >= 0) && sizeGb > 0 && /^\d+$/.test(key));
    }));
  });
});
