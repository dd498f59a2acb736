/**
 * A GPUFlow key: tested by the models that it may ask, kept for its address alone, and handed to whoever speaks with
 * it. Nothing is rented by it from here, and prompts run on a stranger's computer, which is said before.
 */
import type { InferenceDoor } from '../../domain/inferenceDoor.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import { plain } from '../escape.ts';
import { explain } from '../messages.ts';
import { isAbort, isRentError } from '../../domain/errors.ts';
import type { Log } from '../../domain/ports.ts';
import { keyAt, type OneKey, type SecretDrawer } from '../secrets.ts';
import type { Voice } from '../voice.ts';

export interface GpuflowDeps {
  readonly elsewhere: { gpuflow(): Promise<InferenceDoor> };
  readonly secrets: SecretDrawer;
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly log: Log;
  readonly voice: Voice;
}

const name = 'GPUFlow';
const home = 'https://gpuflow.app';
const mostNamed = 5;

export async function connectGpuflow(deps: GpuflowDeps): Promise<void> {
  const { elsewhere, secrets, dialogs, editor, voice: { t } } = deps;
  const door = await elsewhere.gpuflow();
  const kept = keyAt(secrets, 'gpuflow', door.baseUrl);
  const known = await kept.get();
  const way = await dialogs.pick({
    title: name,
    placeholder: t('A rental there is a key to one model. Prompts run on a stranger’s computer, who can read them.'),
    choices: [
      { label: known === undefined ? t('Paste a key') : t('Paste another key'), value: 'paste' as const },
      ...(known === undefined ? [] : [
        { label: t('Test the key'), value: 'test' as const },
        { label: t('Copy the address'), description: door.baseUrl, value: 'address' as const },
        { label: t('Copy the key'), value: 'key' as const },
        { label: t('Forget the key'), value: 'forget' as const },
      ]),
      { label: t('Rent one in the browser'), description: home, value: 'open' as const },
    ],
  });
  switch (way) {
    case 'paste': return paste(deps, door, kept);
    case 'test': return known === undefined ? undefined : tell(deps, await tested(deps, door, known));
    case 'address': return editor.copy(door.baseUrl);
    case 'key': return known === undefined ? undefined : editor.copy(known);
    case 'forget': return kept.delete();
    case 'open': return editor.openExternal(home);
    case goBack:
    case undefined: return undefined;
  }
}

async function paste(deps: GpuflowDeps, door: InferenceDoor, kept: OneKey): Promise<void> {
  const { dialogs, editor, voice: { t } } = deps;
  const key = (await dialogs.input({
    title: name,
    prompt: t('Key of a rental, shown once when it began'),
    placeholder: 'gfk_…',
    secret: true,
    refuse: (text) => (/^\S+$/.test(text.trim()) ? undefined : t('A key is one word')),
  }))?.trim();
  if (key === undefined) return;
  const outcome = await tested(deps, door, key);
  if (outcome === undefined) return;
  await kept.set(key);
  const answer = await dialogs.notify({ level: 'info', text: `${words(outcome, t)} ${t('Point a client of OpenAI’s interface at {0}.', door.baseUrl)}`, buttons: [{ id: 'copy', label: t('Copy the address') }] });
  if (answer === 'copy') await editor.copy(door.baseUrl);
}

type Outcome = readonly string[] | 'away';

/** Undefined where the key was refused or nobody could say, which a person has then been told. */
async function tested({ dialogs, editor, log, voice }: GpuflowDeps, door: InferenceDoor, key: string): Promise<Outcome | undefined> {
  const { t } = voice;
  try {
    return await dialogs.progress(t('Testing the key at {0}', name), true, (_, signal) => door.models(key, signal));
  } catch (error) {
    if (isAbort(error)) return undefined;
    if (!isRentError(error)) throw error;
    log.warn('the GPUFlow key could not be tested', error);
    // Named by itself: it is no provider that machines are rented from.
    const { text } = explain(error, 'vast', { ...voice, nameOf: () => name });
    const answer = await dialogs.notify({ level: 'error', text, buttons: [{ id: 'log', label: t('Show log') }] });
    if (answer === 'log') editor.showLog();
    return undefined;
  }
}

async function tell({ dialogs, voice: { t } }: GpuflowDeps, outcome: Outcome | undefined): Promise<void> {
  if (outcome !== undefined) await dialogs.notify({ level: 'info', text: words(outcome, t), buttons: [] });
}

function words(outcome: Outcome, t: Voice['t']): string {
  if (outcome === 'away') return t('The key is good, but the computer behind it does not answer.');
  if (outcome.length === 0) return t('The key is good, and may ask no model now.');
  const named = outcome.slice(0, mostNamed).map((one) => plain(one, 60)).join(', ');
  return outcome.length > mostNamed ? t('The key works: {0} and {1} more.', named, outcome.length - mostNamed) : t('The key works: {0}.', named);
}
