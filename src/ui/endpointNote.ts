import * as vscode from 'vscode';
import type { Dialogs } from './dialogs.ts';

/** A changed endpoint counts from the next start: a rental under way must end where it began. */
export async function tellEndpointChanged(dialogs: Dialogs): Promise<void> {
  const { t } = vscode.l10n;
  const answer = await dialogs.notify({
    level: 'info',
    text: t('The changed endpoint is used after the window is reloaded.'),
    buttons: [{ id: 'reload', label: t('Reload Window') }],
  });
  if (answer === 'reload') await vscode.commands.executeCommand('workbench.action.reloadWindow');
}
