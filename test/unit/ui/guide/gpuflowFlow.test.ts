import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import type { InferenceDoor } from '../../../../src/domain/inferenceDoor.ts';
import { goBack } from '../../../../src/ui/dialogs.ts';
import { guideCommands } from '../../../../src/ui/guide/guideCommands.ts';
import { keyAt } from '../../../../src/ui/secrets.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { english } from '../support/english.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const key = 'gfk_0123456789';
const place = 'gpuRental.key.gpuflow@https://gpuflow.app';

function bench(models: InferenceDoor['models'], answers: readonly Answer[], kept: Record<string, string> = {}, baseUrl = 'https://gpuflow.app/v1') {
  const secrets = new Map(Object.entries(kept));
  const asked: string[] = [];
  const dialogs = new ScriptedDialogs(...answers);
  const editor = new RecordingEditor();
  const drawer = { get: async (name: string) => secrets.get(name), store: async (name: string, value: string) => void secrets.set(name, value), delete: async (name: string) => void secrets.delete(name) };
  const door: InferenceDoor = { baseUrl, models: (one, signal) => {
    asked.push(one);
    return models(one, signal);
  } };
  const commands = guideCommands({ elsewhere: { gpuflow: async () => door }, secrets: drawer, dialogs, editor, log: new FakeLog(), voice: english }, async () => ({ open: async () => undefined, refresh: async () => undefined }));
  return { secrets, asked, dialogs, editor, drawer, connect: commands['gpuRental.gpuflow.connect'] };
}

const works = async (): Promise<readonly string[]> => ['llama-3.1-8b'];

describe('connecting a GPUFlow key', () => {
  it('tests it before it is kept, for its address alone, and says what it is for', async () => {
    const { connect, secrets, asked, dialogs, editor } = bench(works, [{ choose: /Paste a key/ }, { type: ` ${key} ` }]);
    dialogs.onNotes.push({ text: /The key works/, press: 'copy' });
    await connect();
    assert.deepEqual([asked, [...secrets]], [[key], [[place, key]]]);
    assert.match(dialogs.picks[0]?.placeholder ?? '', /stranger’s computer, who can read them/);
    assert.equal(dialogs.notes[0]?.text, 'The key works: llama-3.1-8b. Point a client of OpenAI’s interface at https://gpuflow.app/v1.');
    assert.deepEqual(editor.done, ['copy https://gpuflow.app/v1']);
  });

  it('keeps no key that was refused or could not be tested', async () => {
    for (const [code, text] of [['auth', 'GPUFlow does not accept the API key.'], ['network', 'GPUFlow could not be reached.']] as const) {
      const { connect, secrets, dialogs } = bench(() => Promise.reject(new RentError(code)), [{ choose: /Paste/ }, { type: key }]);
      await connect();
      assert.deepEqual([secrets.size, dialogs.notes.map((note) => note.text)], [0, [text]]);
    }
    const away = bench(() => Promise.reject(new DOMException('', 'AbortError')), [{ choose: /Paste/ }, { type: key }]);
    await away.connect();
    assert.deepEqual([away.secrets.size, away.dialogs.notes], [0, []]);
  });

  it('keeps one whose computer is away, and says so', async () => {
    const { connect, secrets, dialogs } = bench(async () => 'away', [{ choose: /Paste/ }, { type: key }]);
    await connect();
    assert.equal(secrets.get(place), key);
    assert.match(dialogs.notes[0]?.text ?? '', /^The key is good, but the computer behind it does not answer\./);
  });

  it('tests, copies and forgets the one that is kept', async () => {
    const kept = { [place]: key };
    const test = bench(works, [{ choose: /Test/ }], kept);
    await test.connect();
    assert.deepEqual([test.asked, test.dialogs.notes[0]?.text], [[key], 'The key works: llama-3.1-8b.']);
    const address = bench(works, [{ choose: /address/ }], kept);
    await address.connect();
    const copy = bench(works, [{ choose: /Copy the key/ }], kept);
    await copy.connect();
    assert.deepEqual([address.editor.done, copy.editor.done], [['copy https://gpuflow.app/v1'], [`copy ${key}`]]);
    const forget = bench(works, [{ choose: /Forget/ }], kept);
    await forget.connect();
    assert.equal(forget.secrets.size, 0);
  });

  it('offers nothing of a key that belongs to another address', async () => {
    const { connect, dialogs } = bench(works, [{ choose: undefined }], { [place]: key }, 'https://other.invalid/v1');
    await connect();
    assert.deepEqual(dialogs.picks[0]?.choices.map(({ label }) => label), ['Paste a key', 'Rent one in the browser']);
  });

  it('rents nothing itself: that is done in the browser', async () => {
    const { connect, editor, asked } = bench(works, [{ choose: /browser/ }]);
    await connect();
    assert.deepEqual([editor.done, asked], [['open https://gpuflow.app'], []]);
  });

  it('does nothing where somebody turns away', async () => {
    for (const answers of [[{ choose: undefined }], [{ choose: goBack }], [{ choose: /Paste/ }, { type: undefined }]] satisfies Answer[][]) {
      const { connect, secrets, asked } = bench(works, answers);
      await connect();
      assert.deepEqual([secrets.size, asked], [0, []]);
    }
  });

  it('names a few of many models', async () => {
    const { connect, dialogs } = bench(async () => ['a', 'b', 'c', 'd', 'e', 'f', 'g'], [{ choose: /Test/ }], { [place]: key });
    await connect();
    assert.equal(dialogs.notes[0]?.text, 'The key works: a, b, c, d, e and 2 more.');
  });
});

describe('a key in the drawer', () => {
  it('is found at its own origin alone', async () => {
    const { drawer } = bench(works, []);
    await keyAt(drawer, 'gpuflow', 'https://gpuflow.app/v1').set(key);
    assert.equal(await keyAt(drawer, 'gpuflow', 'https://gpuflow.app/other').get(), key);
    for (const [name, address] of [['gpuflow', 'https://gpuflow.app:8443/v1'], ['gpuflow', 'http://127.0.0.1/v1'], ['vast', 'https://gpuflow.app']] as const) assert.equal(await keyAt(drawer, name, address).get(), undefined);
  });
});
