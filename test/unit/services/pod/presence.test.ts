import assert from 'node:assert/strict';
import { createEmitter } from '../../../../src/domain/emitter.ts';
import { isRentError } from '../../../../src/domain/errors.ts';
import type { InstanceState } from '../../../../src/domain/instance.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import { PodPresence } from '../../../../src/services/pod/presence.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { fakeMachineLinks } from '../../../fakes/fakeMachineLink.ts';
import { machine } from '../../ui/support/machines.ts';

const alias = 'gpu-rental-abcdef-01';
const endpoint = { host: '203.0.113.7', port: 22, user: 'root', viaProxy: false };

function bench(state: InstanceState | 'none' = 'ready', endpoints = [endpoint]) {
  const changed = createEmitter<void>();
  const fleet = { instances: [] as readonly FleetInstance[], onDidChange: changed.event };
  const links = fakeMachineLinks();
  const clock = new FakeClock();
  const presence = new PodPresence({ links, fleet, clock });
  const become = (state: InstanceState | 'none', at = endpoints): void => {
    fleet.instances = state === 'none' ? [] : [machine({ state, endpoints: at })];
    changed.fire();
  };
  become(state);
  const told: string[] = [];
  presence.onDidChange(({ name, before, now }) => void told.push(`${name}: ${before} -> ${now}`));
  return { presence, link: links.of(alias), become, told, clock, fleet };
}

describe('whether a machine is there', () => {
  for (const [state, is] of [['ready', 'here'], ['unknown', 'here'], ['starting', 'starting'], ['stopping', 'away'], ['stopped', 'away'], ['failed', 'away'], ['ending', 'gone'], ['none', 'gone']] as const) {
    it(`is ${is} for one that is ${state}`, () => assert.equal(bench(state).presence.of(alias), is));
  }

  it('is told once for each loss, and again when it is back', () => {
    const { presence, link, told } = bench();
    presence.use(alias);
    link.lose();
    link.lose();
    link.mend();
    link.lose();
    assert.deepEqual(told, ['sdxl-lora: here -> lost', 'sdxl-lora: lost -> here', 'sdxl-lora: here -> lost']);
  });

  it('is told under its name also when it is gone', () => {
    const { presence, become, told } = bench();
    presence.use(alias);
    let last: FleetInstance | undefined;
    presence.onDidChange(({ instance }) => void (last = instance));
    become('stopped');
    become('stopped');
    become('none');
    assert.deepEqual(told, ['sdxl-lora: here -> away', 'sdxl-lora: away -> gone']);
    assert.equal(last?.state, 'stopped', 'as it was last known');
  });

  it('is not told of machines that nobody works on', () => {
    const { presence, link, become, told } = bench();
    const [one, two] = [presence.use(alias), presence.use(alias)];
    one.dispose();
    one.dispose();
    assert.equal(link.held, 1);
    two.dispose();
    link.lose();
    become('stopped');
    assert.deepEqual([told, link.held], [[], 0]);
  });

  it('keeps a line up only while the machine runs', () => {
    const { presence, link, become } = bench('starting');
    presence.use(alias);
    assert.equal(link.held, 0);
    become('ready');
    assert.equal(link.held, 1);
    link.lose();
    assert.equal(link.held, 1, 'it is called back');
    become('stopped');
    assert.equal(link.held, 0);
    become('ready');
    presence.dispose();
    assert.equal(link.held, 0);
  });
});

describe('the line to a machine', () => {
  const fails = (work: Promise<unknown>, code: 'gone' | 'notAllowed' | 'sshUnreachable'): Promise<void> => assert.rejects(work, (error: unknown) => isRentError(error, code));

  it('is there as soon as it has an address', async () => {
    const { presence, become, clock, link } = bench('starting', []);
    const waiting = presence.link(alias);
    await clock.sleep(200);
    become('ready', [endpoint]);
    assert.equal(await waiting, link);
  });

  it('is refused in bounded time, with why', async () => {
    await fails(bench('stopped').presence.link(alias), 'notAllowed');
    await fails(bench('ending').presence.link(alias), 'gone');
    await fails(bench().presence.link('gpu-rental-other-02'), 'gone');
    const { presence, clock } = bench('unknown', []);
    await fails(presence.link(alias), 'sshUnreachable');
    assert.ok(clock.elapsed() <= 25_000);
  });

  it('is asked of the fleet seldom, however many files are asked for', async () => {
    const { presence, fleet } = bench();
    let looks = 0;
    const { instances } = fleet;
    Object.defineProperty(fleet, 'instances', { get: () => (looks++, instances) });
    for (let n = 0; n < 1000; n++) await presence.link(alias);
    assert.ok(looks <= 2, `${looks}`);
  });
});
