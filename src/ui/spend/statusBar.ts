import * as vscode from 'vscode';
import type { Disposable } from '../../domain/ports.ts';
import type { Voice } from '../voice.ts';
import { hoverCommands, spokenStatus, statusHover, statusText } from './statusText.ts';
import type { SpendInput } from './totalRows.ts';

/** Drawn again with every tick of the meter; hidden until something ever ran. */
export function registerStatusBar(read: () => SpendInput, onDidChange: (listener: () => void) => Disposable, voice: Voice): Disposable {
  const item = vscode.window.createStatusBarItem('gpuRental.spend', vscode.StatusBarAlignment.Left, 10);
  item.name = voice.t('GPU spend');
  item.command = 'gpuRental.spend.show';

  let shown = '';

  const show = (): void => {
    const input = read();
    const text = statusText(input, voice);
    if (text === undefined) {
      shown = '';
      return item.hide();
    }
    const table = statusHover(input, voice);
    // A tick that changes nothing must not close the hover that somebody reads.
    const now = [text, table, input.alarm.level].join('\n');
    if (now === shown) return;
    shown = now;
    const hover = new vscode.MarkdownString(table);
    hover.isTrusted = { enabledCommands: hoverCommands };
    item.text = text;
    item.tooltip = hover;
    item.backgroundColor = input.alarm.level === 'none' ? undefined : new vscode.ThemeColor(`statusBarItem.${input.alarm.level}Background`);
    item.accessibilityInformation = { label: spokenStatus(input, voice), role: 'button' };
    item.show();
  };

  const subscription = onDidChange(show);
  show();
  return {
    dispose: () => {
      subscription.dispose();
      item.dispose();
    },
  };
}
