import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import type { InstanceId, InstanceState } from '../../../../src/domain/instance.ts';
import { usd, usdPerHour, zeroRate } from '../../../../src/domain/money.ts';
import { canDo, contextOf } from '../../../../src/ui/instances/instanceContext.ts';
import { instanceDetails, instanceTooltip } from '../../../../src/ui/instances/instanceDetails.ts';
import { instanceRow } from '../../../../src/ui/instances/instanceRow.ts';
import { buildInstances, changedInstances, instanceNode } from '../../../../src/ui/instances/instancesModel.ts';
import { instancesSource } from '../../../../src/ui/instances/instancesSource.ts';
import { instancesState } from '../../../../src/ui/instances/instancesState.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import { english } from '../support/english.ts';
import { foreign, machine, minuteMs, now } from '../support/machines.ts';

const said = (instance: FleetInstance): string => {
  const { label, description } = instanceRow(instance, now, english);
  return `${label} | ${description}`;
};
const states: InstanceState[] = ['starting', 'ready', 'stopping', 'stopped', 'ending', 'failed', 'unknown'];

describe('instance rows', () => {
  it('say state, burn, spend and end on one line', () => {
    assert.equal(said(machine()), 'sdxl-lora · RTX 4090 | $0.33/h · $1.24 · 2 h 10 m · stops 18:40');
    assert.equal(said(machine({ state: 'starting', stage: 'pulling', since: now - 100_000, spent: usd(0) })), 'sdxl-lora · RTX 4090 | starting: pulling image · 1 m 40 s · $0.33/h');
  });

  it('stand still for a minute at a time, so that reading one is not a race', () => {
    assert.equal(said(machine({ since: now - 167_000 })), 'sdxl-lora · RTX 4090 | $0.33/h · $1.24 · 2 m · stops 18:40');
    assert.equal(said(machine({ since: now - 134_000 })), said(machine({ since: now - 167_000 })));
  });

  it('say what a stopped machine still costs', () => {
    assert.equal(said(machine({ state: 'stopped', gpuCount: 2, name: 'mixtral' })), 'mixtral · 2× RTX 4090 | stopped · disk $0.020/h ($14.60 a month) · $1.24');
    assert.equal(said(machine({ state: 'stopped', outbid: true })), 'sdxl-lora · RTX 4090 | outbid and stopped · disk $0.020/h ($14.60 a month) · $1.24');
    assert.equal(said(machine({ state: 'stopped', burn: zeroRate })), 'sdxl-lora · RTX 4090 | stopped · costs nothing · $1.24');
  });

  it('never let a machine that is ending, failing or unheard look free', () => {
    assert.equal(said(machine({ state: 'ending' })), 'sdxl-lora · RTX 4090 | being destroyed, still billing $0.33/h · $1.24');
    assert.equal(said(machine({ state: 'stopping' })), 'sdxl-lora · RTX 4090 | stopping, still $0.33/h · $1.24');
    assert.equal(said(machine({ state: 'failed' })), 'sdxl-lora · RTX 4090 | failed, still $0.33/h · $1.24');
    assert.equal(said(machine({ state: 'unknown' })), 'sdxl-lora · RTX 4090 | state unknown, up to $0.33/h · $1.24');
  });

  it("say what is not ours, with what it costs", () => {
    assert.equal(said(foreign()), 'their-box · RTX 4090 | not rented here · $0.33/h · $1.24 · 2 h 10 m');
  });

  it('tell states apart without colour', () => {
    const icons = states.map((state) => instanceRow(machine({ state }), now, english).icon?.codicon);
    const words = states.map((state) => instanceRow(machine({ state }), now, english).description);
    assert.equal(new Set(words).size, states.length);
    assert.equal(new Set(icons).size, 5, 'what is on its way shares one icon');
  });

  it('have a name even when nobody gave one', () => {
    assert.match(said(foreign({ name: ' \u200b' })), /^vast:77 · /);
    assert.doesNotMatch(said(foreign({ name: '$(x)[y](command:z)' })), /\$\(|\]\(/);
  });

  it('never tell a negative age when clocks differ', () => {
    assert.match(said(machine({ since: now + minuteMs })), / · 0 s · /);
  });
});

describe('instance details', () => {
  const figures = (instance: FleetInstance): Record<string, string> =>
    Object.fromEntries(instanceDetails(instance, now, english).map(({ key, figure }) => [key, figure]));

  it('show what there is to know', () => {
    assert.deepEqual(figures(machine({ statusText: 'success, running image/x' })), {
      gpu: '1× RTX 4090 · 1× 24 GB', price: '$0.33/h running, $0.020/h stopped', spent: '$1.24', guard: 'not checked yet; stops it at 18:40 or at $5.00',
      disk: '40 GB · stopped $0.020/h ($14.60 a month)', place: 'Vast.ai · Norway', ssh: 'gpu-rental-abcdef-01', status: 'success, running image/x',
    });
  });

  it('say plainly what is not protected', () => {
    assert.match(figures(foreign())['guard'] ?? '', /^not protected: it was not rented here$/);
    const { limits: _, ...lost } = machine();
    assert.match(figures(lost)['guard'] ?? '', /^not protected/);
    assert.equal(figures(foreign())['ssh'], undefined);
  });

  it('say how the host key came to be trusted, where one is pinned', () => {
    const said = (by?: 'log' | 'firstUse') => instanceDetails(machine(), now, english, by).find(({ key }) => key === 'hostKey')?.figure;
    assert.deepEqual([said('log'), said('firstUse'), said()], ['pinned through the log at Vast.ai', 'trusted on first contact', undefined]);
    assert.match(instanceTooltip(machine(), now, english, 'log'), /Host key \| pinned through the log at Vast/);
    const model = buildInstances({ instances: [machine(), foreign({ id: 'vast:78' as InstanceId })], errors: [], now, pinnedBy: ({ ours }) => (ours ? 'firstUse' : undefined) }, english);
    assert.deepEqual(['77', '78'].map((key) => model.rows.get(`instance/vast:${key}/hostKey`)?.description), ['trusted on first contact', undefined]);
  });

  it('stand in the tooltip with nothing that acts', () => {
    const tooltip = instanceTooltip(foreign({ name: '[a](command:b)', statusText: '<script>| x' }), now, english);
    assert.doesNotMatch(tooltip, /\]\(|<script|command:/);
    assert.match(tooltip, /vast&#58;77/);
  });
});

describe('what can be done', () => {
  it('depends on the state', () => {
    const doable = (state: InstanceState): string => contextOf(machine({ state }));
    assert.equal(doable('ready'), 'instance ready can-open can-stop can-reboot can-destroy can-limits can-logs can-copySsh can-console');
    assert.equal(doable('stopped'), 'instance stopped can-start can-destroy can-limits can-logs can-console');
    assert.match(doable('starting'), /can-stop.*can-destroy/);
    assert.doesNotMatch(doable('ending'), /can-(open|stop|start|reboot|limits)/);
    for (const state of states) assert.ok(canDo(machine({ state }), 'destroy'), `${state} can always be ended`);
  });

  it('to others’ machines is only what ends their cost', () => {
    assert.equal(contextOf(foreign()), 'instance ready can-stop can-destroy can-logs can-console');
    assert.equal(contextOf(foreign({ state: 'stopped' })), 'instance stopped can-destroy can-logs can-console');
  });
});

describe('instances model', () => {
  const build = (instances: readonly FleetInstance[], errors: readonly ['vast' | 'runpod', RentError][] = []) =>
    buildInstances({ instances, errors: errors.map(([provider, error]) => ({ provider, error })), now }, english);
  const other = machine({ id: 'vast:78' as InstanceId, since: now - minuteMs });

  it('says of a machine that it does not answer, beside what it costs', () => {
    const input = { instances: [machine()], errors: [], now };
    const node = instanceNode(machine());
    const [well, lost] = [buildInstances(input, english), buildInstances({ ...input, lost: () => true }, english)];
    assert.equal(lost.rows.get(node)?.description, `does not answer · ${well.rows.get(node)?.description}`);
    assert.match(lost.rows.get(node)?.spoken ?? '', /does not answer/);
    assert.deepEqual(changedInstances(well, lost), [node]);
  });

  it('puts ours first, the newest first, and what failed above all', () => {
    const model = build([foreign({ id: 'vast:1' as InstanceId, since: now }), machine(), other], [['runpod', new RentError('auth')]]);
    assert.deepEqual(model.roots, ['problem/runpod', 'instance/vast:78', 'instance/vast:77', 'instance/vast:1']);
    assert.equal(model.rows.get('problem/runpod')?.description, 'RunPod does not accept the API key.');
  });

  it('draws only what changed', () => {
    const before = build([machine(), other]);
    assert.deepEqual(changedInstances(before, build([machine(), other])), []);
    assert.deepEqual(changedInstances(before, build([machine({ spent: usd(1.25) }), other])), ['instance/vast:77']);
    assert.deepEqual(changedInstances(before, build([machine({ statusText: 'hello' }), other])), ['instance/vast:77'], 'a detail came');
    assert.deepEqual(changedInstances(before, build([machine({ state: 'stopped' }), { ...other, rates: { ...other.rates, stopped: usdPerHour(1) } }])), ['instance/vast:78', 'instance/vast:77']);
    assert.equal(changedInstances(before, build([machine()])), undefined);
    assert.equal(changedInstances(before, build([machine(), other], [['vast', new RentError('network')]])), undefined);
  });

  it('gives the tree lines, details and contexts', async () => {
    const model = build([machine()], [['vast', new RentError('network')]]);
    const source = instancesSource(() => model, () => now, english);
    const node = instanceNode(machine());
    assert.deepEqual(source.children(undefined), ['problem/vast', node]);
    assert.ok(source.expandable(node));
    assert.equal(source.row(`${node}/spent`)?.description, '$1.24');
    assert.deepEqual([source.context(node)?.split(' ')[1], source.context(`${node}/spent`), source.context('problem/vast')], ['ready', 'detail', 'problem']);
    assert.match(await source.tooltip(node) ?? '', /sdxl/);
    assert.match(await source.tooltip(`${node}/spent`) ?? '', /Spent/);
    assert.equal(source.command(node), undefined);
  });

  it('has the rows of other areas under a machine, each with what can be done to it', () => {
    const rows = [{ key: 'live', name: 'Now', figure: '63 %', icon: { codicon: 'pulse' }, command: 'gpuRental.instance.showDetail' as const }, { key: 'port-8888', name: 'Port 8888', figure: 'localhost:8888', icon: { codicon: 'plug' }, context: 'port' }];
    const input = { instances: [machine()], errors: [], now };
    const model = buildInstances({ ...input, extras: () => rows }, english);
    const source = instancesSource(() => model, () => now, english);
    const node = instanceNode(machine());
    assert.deepEqual(source.children(node).slice(0, 2), [`${node}/live`, `${node}/port-8888`]);
    assert.deepEqual([source.context(`${node}/live`), source.command(`${node}/live`)], ['detail', 'gpuRental.instance.showDetail']);
    assert.deepEqual([source.context(`${node}/port-8888`), source.command(`${node}/port-8888`)], ['port', undefined]);
    assert.deepEqual([source.command(node), source.command(`${node}/gpu`)], [undefined, undefined]);
    assert.deepEqual(changedInstances(buildInstances(input, english), model), [node], 'a row more is drawn');
    assert.deepEqual(changedInstances(model, model), []);
  });

  it('knows which text an empty list shows', () => {
    const error: ['vast', RentError] = ['vast', new RentError('network')];
    assert.equal(instancesState(build([]), { loaded: false, signedIn: false }), 'signedOut');
    assert.equal(instancesState(build([foreign()]), { loaded: false, signedIn: false }), 'some');
    assert.equal(instancesState(build([]), { loaded: false, signedIn: true }), 'loading');
    assert.equal(instancesState(build([]), { loaded: true, signedIn: true }), 'empty');
    assert.equal(instancesState(build([], [error]), { loaded: false, signedIn: true }), 'some', 'what failed stands in the list');
  });
});
