import { homedir } from 'node:os';
import * as vscode from 'vscode';

/** A folder of this computer, also in a window that shows another's. */
export async function pickFolder(label: string): Promise<vscode.Uri | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel: label, title: label, defaultUri: vscode.Uri.file(homedir()) })) ?? [];
  return uri;
}
