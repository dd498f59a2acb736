import * as vscode from 'vscode';
import type { Disposable } from '../../domain/ports.ts';
import type { Dialogs } from '../dialogs.ts';
import { disposing } from '../firstUse.ts';
import type { Drawer } from '../offers/preferences.ts';
import type { Settings } from '../settings.ts';
import type { Voice } from '../voice.ts';
import type { SavedDeps } from './saved.ts';

export interface SaveListenerDeps extends Omit<SavedDeps, 'pairs' | 'failed' | 'leftOut'> {
  readonly dialogs: Dialogs;
  readonly memory: Drawer;
  readonly report: (error: unknown) => void;
  readonly settings: Pick<Settings, 'syncOnSave'>;
  readonly voice: Voice;
}

/** What was saved goes to the machine that has its folder, where a person wants that. */
export function listenToSaves(deps: SaveListenerDeps): Disposable {
  const { dialogs, memory, report, settings, voice: { t } } = deps;
  const saved = disposing(async () => {
    const [{ SavedFiles }, { Pairs }] = await Promise.all([import('./saved.ts'), import('./pairs.ts')]);
    return new SavedFiles({
      ...deps,
      pairs: new Pairs(memory),
      failed: report,
      leftOut: (files) => void dialogs.notify({ level: 'warning', text: t('{0} seems to hold a secret and was not sent.', files.map(({ path }) => path).join(', ')), buttons: [] }),
    });
  });
  const listening = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
    if (uri.scheme === 'file' && settings.syncOnSave) saved().then((files) => files.saved(uri.fsPath), report);
  });
  return {
    dispose: () => {
      listening.dispose();
      saved.dispose();
    },
  };
}
