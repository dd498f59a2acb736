import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { usd } from '../../../../src/domain/money.ts';
import type { ProviderId } from '../../../../src/domain/offer.ts';
import { accountCommands } from '../../../../src/ui/accounts/accountCommands.ts';
import { signIn, signOut, type SignInDeps } from '../../../../src/ui/accounts/signIn.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { english } from '../support/english.ts';
import { machine } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const paste: Answer = { choose: /Paste/ };

function bench(answers: readonly Answer[], { good = 'good-key', instances = [] as readonly FleetInstance[], signedIn = [] as ProviderId[] } = {}) {
  const dialogs = new ScriptedDialogs(...answers);
  const editor = new RecordingEditor();
  const kept = new Set<ProviderId>(signedIn);
  const tried: string[] = [];
  const log = new FakeLog();
  const deps: SignInDeps = {
    dialogs, editor, log, voice: english, fleet: { instances },
    links: { vast: { keysUrl: 'https://keys.vast', billingUrl: '' }, runpod: { keysUrl: 'https://keys.runpod', billingUrl: '' }, lambda: { keysUrl: 'https://keys.lambda', billingUrl: '' } },
    accounts: {
      signedIn: (provider) => kept.has(provider),
      signIn: async (provider, key) => {
        tried.push(key);
        if (key !== good) throw new RentError('auth');
        kept.add(provider);
        return { balance: usd(12.3) };
      },
      signOut: async (provider) => void kept.delete(provider),
    },
  };
  return { deps, dialogs, editor, kept, tried, log };
}

describe('signing in', () => {
  it('tests the key, keeps it and tells the balance', async () => {
    const { deps, dialogs, kept, tried } = bench([{ choose: /RunPod/ }, paste, { type: '  good-key ' }]);
    assert.equal(await signIn(deps), true);
    assert.deepEqual([[...kept], tried], [['runpod'], ['good-key']]);
    assert.equal(dialogs.notes[0]?.text, 'Signed in to RunPod; its balance is $12.30.');
  });

  it('opens the page where a key is made', async () => {
    const { deps, editor } = bench([{ choose: /Make/ }, { type: undefined }]);
    assert.equal(await signIn(deps, 'vast'), false);
    assert.deepEqual(editor.done, ['open https://keys.vast']);
  });

  it('hides the key while it is typed and keeps it out of log and texts', async () => {
    const { deps, dialogs, log } = bench([paste, { type: 'secret-but-wrong' }]);
    assert.equal(await signIn(deps, 'vast'), false);
    const input = dialogs.asked.find((asked) => asked.is === 'input');
    assert.ok(input?.is === 'input' && input.input.secret);
    assert.equal(dialogs.notes[0]?.text, 'Vast.ai does not accept the API key.');
    assert.doesNotMatch(JSON.stringify([dialogs.asked, log.lines]), /secret-but-wrong/);
  });

  it('takes no key with a gap in it, and nothing for a key', async () => {
    const { deps, dialogs } = bench([paste, { type: undefined }]);
    await signIn(deps, 'vast');
    const asked = dialogs.asked.find((one) => one.is === 'input');
    assert.ok(asked?.is === 'input');
    assert.deepEqual(['', ' ', 'two words', ' one '].map((text) => asked.input.refuse(text) === undefined), [false, false, false, true]);
  });

  it('ends wherever the person turns away', async () => {
    assert.equal(await signIn(bench([{ choose: undefined }]).deps), false);
    assert.equal(await signIn(bench([{ choose: undefined }]).deps, 'vast'), false);
  });
});

describe('signing out', () => {
  it('is done at once when nothing costs anything', async () => {
    const { deps, kept } = bench([{ choose: /Vast/ }], { signedIn: ['vast'] });
    await signOut(deps);
    assert.equal(kept.size, 0);
  });

  it('says first what goes on costing unseen', async () => {
    const no = bench([{ press: undefined }], { signedIn: ['vast'], instances: [machine(), machine({ provider: 'runpod' })] });
    await signOut(no.deps, 'vast');
    assert.ok(no.kept.has('vast'));
    assert.match(no.dialogs.questions[0]?.detail ?? '', /go on costing \$0\.33\/h, and nothing here can see, stop or limit them/);
    const yes = bench([{ press: 'out' }], { signedIn: ['vast'], instances: [machine()] });
    await signOut(yes.deps, 'vast');
    assert.equal(yes.kept.size, 0);
  });

  it('offers only those who are signed in', async () => {
    const { deps, dialogs } = bench([{ choose: undefined }], { signedIn: ['runpod'] });
    await signOut(deps);
    assert.deepEqual(dialogs.picks[0]?.choices.map(({ label }) => label), ['RunPod']);
    const nobody = bench([]);
    await signOut(nobody.deps);
    assert.equal(nobody.dialogs.notes[0]?.text, 'Nobody is signed in.');
  });
});

describe('account commands', () => {
  it('take a provider from a button and nothing from a tree', async () => {
    const { deps, dialogs } = bench([{ choose: undefined }, { choose: undefined }]);
    const handlers = accountCommands(deps);
    await handlers['gpuRental.account.signIn']('runpod');
    await handlers['gpuRental.account.signIn']('signIn');
    assert.deepEqual(dialogs.picks.map(({ title }) => title), ['Sign in to RunPod', 'Sign in']);
  });
});
