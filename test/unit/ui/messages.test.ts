import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { RentError, type ErrorCode } from '../../../src/domain/errors.ts';
import { explain, remedyButton, type Remedy } from '../../../src/ui/messages.ts';
import { reportError, type About, type ReportDeps } from '../../../src/ui/report.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { english } from './support/english.ts';
import { RecordingEditor } from './support/recordingEditor.ts';
import { ScriptedDialogs } from './support/scriptedDialogs.ts';

/** The codes as they are declared, so that a new one cannot be forgotten here. */
const declared = readFileSync(new URL('../../../src/domain/errors.ts', import.meta.url), 'utf8');
const codes = [...(declared.match(/export type ErrorCode =(.*?)\n\n/s)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, code]) => code as ErrorCode);

const links = {
  vast: { keysUrl: 'https://keys.vast', billingUrl: 'https://bills.vast' },
  runpod: { keysUrl: 'https://keys.runpod', billingUrl: 'https://bills.runpod' },
  lambda: { keysUrl: 'https://keys.lambda', billingUrl: 'https://bills.lambda' },
};

function bench(press?: string): ReportDeps & { dialogs: ScriptedDialogs; editor: RecordingEditor; log: FakeLog } {
  const dialogs = new ScriptedDialogs();
  if (press !== undefined) dialogs.onNotes.push({ text: /./, press });
  return { dialogs, editor: new RecordingEditor(), links, log: new FakeLog(), voice: english };
}

describe('the table of errors', () => {
  it('has one sentence and at most two ways on for every code', () => {
    assert.ok(codes.length >= 27);
    for (const code of codes) {
      const { text, remedies } = explain({ code }, 'runpod', english);
      assert.match(text, /^[A-Z].*[^.]\.$/, `${code}: one sentence, with its full stop`);
      assert.doesNotMatch(text, /[!{}]|please|successfully|\. [A-Z]/i, code);
      assert.ok(remedies.length <= 2 && new Set(remedies).size === remedies.length, code);
      assert.doesNotMatch(text, new RegExp(`\\b${code}\\b`), 'the code is for programs');
    }
  });

  it('never calls stopping or destroying by another name', () => {
    for (const code of codes) assert.doesNotMatch(explain({ code }, 'vast', english).text, /terminat|delet|kill/i);
  });

  it('fills in the provider, and does without where several could be meant', () => {
    assert.equal(explain({ code: 'noCredit' }, 'vast', english).text, 'The account at Vast.ai has too little credit.');
    assert.equal(explain({ code: 'network' }, undefined, english).text, 'The provider could not be reached.');
  });
});

describe('report', () => {
  const told = async (error: unknown, about: About = {}, press?: string) => {
    const deps = bench(press);
    await reportError(deps, error, about);
    return deps;
  };

  it('is silent about what the person cancelled', async () => {
    const { dialogs, log } = await told(new DOMException('stop', 'AbortError'));
    assert.deepEqual([dialogs.notes.length, log.lines.length], [0, 0]);
  });

  it("keeps the provider's own words in the log and out of the sentence", async () => {
    const { dialogs, log } = await told(new RentError('badRequest', { detail: 'ask_id 7 not rentable' }), { provider: 'vast' });
    assert.deepEqual(dialogs.notes.map(({ text }) => text), ['Vast.ai refused the request.']);
    assert.match(log.lines.join(), /ask_id 7 not rentable/);
  });

  it('adds what is true besides', async () => {
    const { dialogs } = await told(new RentError('dud'), { provider: 'vast', more: 'It may still bill.' });
    assert.equal(dialogs.notes[0]?.text, 'The machine never became usable. It may still bill.');
  });

  it('owns up to a failure of its own', async () => {
    const { dialogs, log } = await told(new TypeError('x is not a function'));
    assert.equal(dialogs.notes[0]?.text, 'Something in the extension itself failed.');
    assert.match(log.lines.join(), /x is not a function/);
  });

  it('offers only what can be done', async () => {
    const buttons = async (code: ErrorCode, about: About): Promise<string[]> =>
      (await told(new RentError(code), about)).dialogs.notes[0]?.buttons.map(({ id }) => id) ?? [];
    assert.deepEqual(await buttons('network', { provider: 'vast' }), ['log']);
    assert.deepEqual(await buttons('network', { provider: 'vast', retry: async () => undefined }), ['retry', 'log']);
    assert.deepEqual(await buttons('noCredit', {}), []);
    assert.deepEqual(await buttons('auth', {}), ['signIn']);
  });

  it('does what is chosen', async () => {
    const done = async (code: ErrorCode, press: Remedy): Promise<string[]> =>
      (await told(new RentError(code), { provider: 'runpod' }, press)).editor.done;
    assert.deepEqual(await done('auth', 'signIn'), ['run gpuRental.account.signIn runpod']);
    assert.deepEqual(await done('auth', 'keys'), ['open https://keys.runpod']);
    assert.deepEqual(await done('noCredit', 'billing'), ['open https://bills.runpod']);
    assert.deepEqual(await done('uncertain', 'console'), ['open https://console.runpod.io/pods']);
    assert.deepEqual(await done('offerGone', 'offers'), ['view gpuRental.offers']);
    assert.deepEqual(await done('gone', 'instances'), ['view gpuRental.instances']);
    assert.deepEqual(await done('badImage', 'image'), ['settings gpuRental.image.runpod']);
    assert.deepEqual(await done('noJournal', 'log'), ['log']);
  });

  it('tries again', async () => {
    let tries = 0;
    await told(new RentError('network'), { retry: async () => void tries++ }, 'retry');
    assert.equal(tries, 1);
  });

  it('labels every remedy', () => {
    const remedies: Remedy[] = ['retry', 'signIn', 'keys', 'billing', 'console', 'offers', 'instances', 'image', 'log'];
    const labels = remedies.map((remedy) => remedyButton(remedy, english).label);
    assert.equal(new Set(labels).size, remedies.length);
    assert.deepEqual(labels.filter((label) => label === ''), []);
  });
});
