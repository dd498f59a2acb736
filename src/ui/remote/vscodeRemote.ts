import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { RemoteEditor } from './remoteEditor.ts';

/** The one place that opens remote windows. */
export const vscodeRemote: RemoteEditor = {
  uriScheme: vscode.env.uriScheme,
  isWeb: vscode.env.uiKind === vscode.UIKind.Web,
  home: homedir(),
  isInstalled: (id) => vscode.extensions.getExtension(id) !== undefined,
  install: async (id) => vscode.commands.executeCommand('workbench.extensions.installExtension', id),
  setting: (id) => vscode.workspace.getConfiguration().get(id),
  updateSetting: async (id, value) => vscode.workspace.getConfiguration().update(id, value, vscode.ConfigurationTarget.Global),
  openFolder: async (authority, path, newWindow) => {
    const uri = vscode.Uri.from({ scheme: 'vscode-remote', authority, path });
    await vscode.commands.executeCommand('vscode.openFolder', uri, newWindow ? { forceNewWindow: true } : { forceReuseWindow: true });
  },
};
