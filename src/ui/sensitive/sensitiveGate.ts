/** Whether an offer may be rented from this workspace: what is sensitive stays out of private hosts. */
import type { Offer } from '../../domain/offer.ts';
import type { SensitiveSign } from '../../domain/sensitiveSigns.ts';
import type { Dialogs } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import type { Drawer } from '../offers/preferences.ts';
import type { Settings } from '../settings.ts';
import type { Voice } from '../voice.ts';
import { refusal, sensitiveQuestion } from './sensitiveWords.ts';

export interface GateDeps {
  readonly dialogs: Dialogs;
  readonly editor: Pick<Editor, 'showView' | 'openSettings'>;
  readonly settings: Pick<Settings, 'sensitiveWork'>;
  /** What is remembered of this workspace alone. */
  readonly memory: Drawer;
  readonly signs: () => Promise<readonly SensitiveSign[]>;
  /** Writes into the workspace that it is limited. */
  readonly limit: () => Promise<void>;
  readonly voice: Voice;
}

/** Only that it is not sensitive: that it is, the setting says. */
const openKey = 'gpuRental.notSensitive';

/** Asked before the first private host is rented, because a datacentre is what the question would lead to. */
export async function mayRent(deps: GateDeps, { tier }: Pick<Offer, 'tier'>): Promise<boolean> {
  if (tier === 'datacentre') return true;
  const { settings, memory } = deps;
  if (settings.sensitiveWork === 'on') return refuse(deps);
  if (settings.sensitiveWork === 'off' || memory.get(openKey) === true) return true;
  const signs = await deps.signs();
  return signs.length === 0 || ask(deps, signs);
}

async function ask({ dialogs, editor, memory, limit, voice: { t } }: GateDeps, signs: readonly SensitiveSign[]): Promise<boolean> {
  const answer = await dialogs.confirm({
    ...sensitiveQuestion(signs, t),
    buttons: [{ id: 'limit', label: t('Datacentres only') }, { id: 'open', label: t('Not sensitive, go on') }],
    grave: false,
  });
  if (answer === undefined) return false;
  if (answer === 'open') {
    await memory.update(openKey, true);
    return true;
  }
  await limit();
  await editor.showView('gpuRental.offers');
  return false;
}

async function refuse({ dialogs, editor, voice: { t } }: GateDeps): Promise<false> {
  const answer = await dialogs.confirm({
    ...refusal(t),
    buttons: [{ id: 'offers', label: t('Show datacentres') }, { id: 'settings', label: t('Change the setting') }],
    grave: false,
  });
  if (answer === 'offers') await editor.showView('gpuRental.offers');
  if (answer === 'settings') await editor.openSettings('gpuRental.sensitiveWork');
  return false;
}
