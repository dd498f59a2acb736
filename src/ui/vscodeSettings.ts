import * as vscode from 'vscode';
import type { Disposable } from '../domain/ports.ts';
import { createSettings, type Settings } from './settings.ts';

export const vscodeSettings = (): Settings => createSettings((id) => {
  const all = vscode.workspace.getConfiguration();
  // A project can narrow what is rented for it, and never widen what its user has narrowed.
  return id === 'gpuRental.sensitiveWork' && all.inspect(id)?.globalValue === 'on' ? 'on' : all.get(id);
});

/** `section` is `gpuRental` or a part of it. */
export const onSettingsChange = (section: string, listener: () => void): Disposable =>
  vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(section) && listener());
