import * as vscode from 'vscode';
import type { Disposable } from '../domain/ports.ts';
import { createSettings, type Settings } from './settings.ts';

export const vscodeSettings = (): Settings => createSettings((id) => vscode.workspace.getConfiguration().get(id));

/** `section` is `gpuRental` or a part of it. */
export const onSettingsChange = (section: string, listener: () => void): Disposable =>
  vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(section) && listener());
