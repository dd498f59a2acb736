/** What of the editor's can be run: files and folders of this computer and of machines, and of nothing else. */
import * as vscode from 'vscode';
import { podAlias } from '../pod/podUri.ts';
import type { OpenFile, RunPlace } from './runnable.ts';

export function placeOfFolder(uri: vscode.Uri): RunPlace | undefined {
  if (uri.scheme === 'file') return { folder: slashed(uri) };
  const alias = podAlias(uri);
  return alias === undefined ? undefined : { folder: uri.path, alias };
}

export function projectFolder(): RunPlace | undefined {
  const { activeTextEditor } = vscode.window;
  const own = activeTextEditor && vscode.workspace.getWorkspaceFolder(activeTextEditor.document.uri);
  const folder = own ?? vscode.workspace.workspaceFolders?.[0];
  return folder && placeOfFolder(folder.uri);
}

/** A menu hands over the file it was opened on, a notebook's toolbar an object that names it. */
export function openFile(argument: unknown): OpenFile | undefined {
  const given = argument instanceof vscode.Uri ? argument : (argument as { notebookEditor?: { notebookUri?: vscode.Uri } } | undefined)?.notebookEditor?.notebookUri;
  const uri = given ?? vscode.window.activeNotebookEditor?.notebook.uri ?? vscode.window.activeTextEditor?.document.uri;
  const place = uri && /\.(py|ipynb|sh)$/.test(uri.path) ? placeOfFolder(uri) : undefined;
  if (uri === undefined || place === undefined) return undefined;
  const { folder: path, ...machine } = place;
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  const folder = root && placeOfFolder(root)?.folder;
  // Paths in a notebook are meant from where it lies.
  return { path, ...machine, ...(folder === undefined || uri.path.endsWith('.ipynb') ? {} : { folder }) };
}

/** With slashes on every system. */
export const slashed = (uri: vscode.Uri): string => uri.fsPath.replaceAll('\\', '/');

export async function showFile(path: string, line: number): Promise<void> {
  const at = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(path), { selection: new vscode.Range(at, at) });
}
