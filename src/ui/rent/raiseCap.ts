import type { CapUse } from '../../domain/caps.ts';
import type { Dialogs } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import type { Voice } from '../voice.ts';
import { usedUpConsent } from './purse.ts';

/** Nothing is rented or started past a cap: the person raises it first, where they set it. */
export async function askToRaise(dialogs: Dialogs, editor: Editor, use: CapUse, voice: Voice): Promise<undefined> {
  const answer = await dialogs.confirm({ ...usedUpConsent(use, voice), buttons: [{ id: 'raise', label: voice.t('Raise the cap') }], grave: false });
  if (answer === 'raise') await editor.openSettings(capSetting(use.kind));
}

export const capSetting = (kind: CapUse['kind']): string => `gpuRental.limits.${kind}Usd`;
