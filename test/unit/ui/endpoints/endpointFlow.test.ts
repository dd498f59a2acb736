import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import type { InstanceId } from '../../../../src/domain/instance.ts';
import { usd, usdPerHour, zeroRate } from '../../../../src/domain/money.ts';
import type { Offer } from '../../../../src/domain/offer.ts';
import type { ServerlessPool } from '../../../../src/domain/serverless.ts';
import type { RentRequest } from '../../../../src/services/creating.ts';
import { endpointCommands, envOf, type EndpointDeps } from '../../../../src/ui/endpoints/endpointFlow.ts';
import { comparedWords } from '../../../../src/ui/endpoints/endpointWords.ts';
import { destroyConsent, stopConsent } from '../../../../src/ui/instances/confirmations.ts';
import { contextOf } from '../../../../src/ui/instances/instanceContext.ts';
import { instanceRow } from '../../../../src/ui/instances/instanceRow.ts';
import { createSettings } from '../../../../src/ui/settings.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { machine, now, purse } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const pools: ServerlessPool[] = [
  { pool: 'AMPERE_24', gpus: ['RTX A5000', 'L4'], vramGb: 24, each: usdPerHour(0.68) },
  { pool: 'ADA_24', gpus: ['RTX 4090'], vramGb: 24, each: usdPerHour(1.12) },
];
const answers = (last: Answer): Answer[] => [{ type: 'owner/worker:1' }, { type: 'MODEL_NAME=qwen MAX=2 EMPTY=' }, { choose: /RTX 4090/ }, { type: '3' }, { type: '15' }, last];

function bench(...scripted: Answer[]) {
  const dialogs = new ScriptedDialogs(...scripted);
  const editor = new RecordingEditor();
  const made: RentRequest[] = [];
  const notes: string[] = [];
  let refreshed = 0;
  const deps: EndpointDeps = {
    dialogs, editor, log: new FakeLog(), voice: english, links: {} as never, now: () => now, practice: false, project: () => 'chat',
    serverless: { pools: () => Promise.resolve(pools), start: () => Promise.reject(new Error('no')) },
    rentals: { createEndpoint: async (request) => (made.push(request), 'runpod:serverless-ep1' as InstanceId) },
    fleet: { instances: [], refresh: async () => void refreshed++ },
    accounts: { signedIn: () => true }, askToSignIn: () => Promise.resolve(false), notes: { setNote: (name, value) => void notes.push(`${name}=${value}`) },
    settings: createSettings(() => undefined), offers: () => [offer({ gpuUsd: 0.4 }), offer({ gpuUsd: 0.2, kind: 'interruptible' })], purse: () => purse(),
  };
  return { dialogs, editor, made, notes, deps, refreshed: () => refreshed, commands: (change: Partial<EndpointDeps> = {}) => endpointCommands({ ...deps, ...change }) };
}

describe('making an endpoint', () => {
  it('names the most that an hour can cost, what a worker is, what it compares to, and who holds it to its limits', async () => {
    const one = bench(...answers({ press: 'make' }));
    await one.commands()['gpuRental.endpoint.create']();
    const [question] = one.dialogs.questions;
    assert.equal(question?.title, 'Make an endpoint for up to $3.36/h?');
    assert.match(question?.detail ?? '', /At most 3 workers at \$1\.12\/h each\. A worker costs while it starts, works, and waits 15 s to be asked again\./);
    assert.match(question?.detail ?? '', /While nobody asks there are none, and it costs nothing\./);
    assert.match(question?.detail ?? '', /RTX 4090 rents at Vast\.ai for \$0\.42\/h: that is cheaper from 135 requests of 10 s an hour on\./);
    assert.match(question?.detail ?? '', /Not protected: .*The editor stops it at .* or at \$\d+\.\d\d/);
    const [request] = one.made;
    assert.deepEqual(request?.serverless, { pool: 'ADA_24', gpuCount: 1, workersMin: 0, workersMax: 3, idleSeconds: 15, each: usdPerHour(1.12) });
    assert.deepEqual([request?.image, request?.env, request?.offer.id, request?.limits.idleMs, request?.limits.atLimit], ['owner/worker:1', { MODEL_NAME: 'qwen', MAX: '2' }, 'runpod:serverless/ADA_24', 0, 'stop']);
    assert.match(one.dialogs.notes[0]?.text ?? '', /The endpoint rtx-4090 is there/);
  });

  it('makes none without consent, wherever the person turns away', async () => {
    for (let turn = 0; turn < 6; turn++) {
      const scripted = answers({ press: undefined }).slice(0, turn + 1).map((answer, index): Answer => (index < turn ? answer : 'choose' in answer ? { choose: undefined } : 'type' in answer ? { type: undefined } : { press: undefined }));
      const one = bench(...scripted);
      await one.commands()['gpuRental.endpoint.create']();
      assert.deepEqual([one.made, one.dialogs.unused], [[], 0]);
    }
  });

  it('is led to a cap that is used up, and to signing in', async () => {
    const capped = bench({ press: 'raise' });
    await capped.commands({ purse: () => purse({ caps: [{ kind: 'session', limit: usd(1), since: 0, counted: usd(1) }] }) })['gpuRental.endpoint.create']();
    assert.deepEqual(capped.editor.done, ['settings gpuRental.limits.sessionUsd']);
    const stranger = bench();
    await stranger.commands({ accounts: { signedIn: () => false } })['gpuRental.endpoint.create']();
    assert.deepEqual([capped.made, stranger.made], [[], []]);
  });

  it('tells what went wrong', async () => {
    const one = bench(...answers({ press: 'make' }));
    await one.commands({ rentals: { createEndpoint: () => Promise.reject(new RentError('noCredit')) } })['gpuRental.endpoint.create']();
    assert.match(one.dialogs.notes[0]?.text ?? '', /has too little credit/);
  });

  it('shows all of the account’s from then on, when that is wanted', async () => {
    const one = bench();
    await one.commands()['gpuRental.endpoints.show']();
    assert.deepEqual([one.notes, one.editor.done, one.refreshed()], [['endpoints=shown'], ['view gpuRental.instances'], 1]);
  });

  it('takes variables that are some, and no others', () => {
    assert.deepEqual(envOf(''), {});
    assert.deepEqual(envOf(' A=1  B=x=y '), { A: '1', B: 'x=y' });
    for (const wrong of ['A', '=1', '1A=2', 'A=1 B']) assert.equal(envOf(wrong), undefined, wrong);
  });
});

describe('what an endpoint is compared to', () => {
  it('is a machine by the hour, from so many requests on, or never', () => {
    assert.match(comparedWords(offer({ gpuUsd: 0.98, diskUsd: 0.02 }), usdPerHour(2), english) ?? '', /cheaper from 180 requests of 10 s an hour on/);
    assert.match(comparedWords(offer({ gpuUsd: 5 }), usdPerHour(2), english) ?? '', /a worker is cheaper whatever is asked of it/);
    const none: Offer | undefined = undefined;
    assert.equal(comparedWords(none, usdPerHour(2), english), undefined);
  });
});

describe('an endpoint in the list', () => {
  const endpoint = machine({ name: 'chat', provider: 'runpod', workers: { active: 1, most: 3 }, diskGb: 0, rates: { running: usdPerHour(1.12), stopped: zeroRate }, burn: usdPerHour(1.12) });

  it('shows its workers and allows what an endpoint allows', () => {
    assert.match(instanceRow(endpoint, now, english).description ?? '', /^1 of 3 workers · \$1\.12\/h · \$1\.24 · stops 18:40/);
    assert.equal(contextOf(endpoint), 'instance ready can-stop can-destroy can-limits can-console');
  });

  it('is stopped and destroyed knowing what that means', () => {
    assert.equal(stopConsent(endpoint, english).detail, 'Its workers end, and requests wait until it is started again. Stopped, it costs nothing.');
    assert.match(destroyConsent(endpoint, true, english).detail, /Its address is gone for good, and requests that wait are lost\.\n\nIt has cost \$1\.24 so far\./);
  });
});
