import * as vscode from 'vscode';
import type { Editor } from './editor.ts';

export const vscodeEditor = (showLog: () => void): Editor => ({
  run: async (command, argument) => vscode.commands.executeCommand(command, argument),
  openExternal: async (url) => void (await vscode.env.openExternal(vscode.Uri.parse(url, true))),
  external: async (url) => (await vscode.env.asExternalUri(vscode.Uri.parse(url, true))).toString(true),
  copy: async (text) => vscode.env.clipboard.writeText(text),
  showView: async (view) => vscode.commands.executeCommand(`${view}.focus`),
  openSettings: async (query) => vscode.commands.executeCommand('workbench.action.openSettings', query),
  showLog,
});
