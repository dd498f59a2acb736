/** Reads what a workspace's own files say of it, and no more than is needed. */
import * as vscode from 'vscode';
import { sensitiveSigns, type SensitiveSign } from '../../domain/sensitiveSigns.ts';
import { podScheme } from '../pod/podUri.ts';
import { gitConfigOf } from './gitConfig.ts';

const mostFolders = 8;
/** A configuration of Git has a few kilobytes. */
const mostBytes = 256 * 1024;

export async function workspaceSigns(): Promise<readonly SensitiveSign[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme !== podScheme).slice(0, mostFolders);
  const each = await Promise.all(folders.map(async ({ uri }) => sensitiveSigns({ gitConfig: await gitConfigOf((path) => read(at(uri, path))), files: await namesIn(uri) })));
  return each.flat();
}

/** A folder's own files by path below it; Git names others by a whole path. */
const at = (folder: vscode.Uri, path: string): vscode.Uri =>
  (/^(?:\/|[a-z]:)/i.test(path) ? folder.with({ path: vscode.Uri.file(path).path }) : vscode.Uri.joinPath(folder, ...path.split('/')));

async function read(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { size, type } = await vscode.workspace.fs.stat(uri);
    if (size > mostBytes || (type & vscode.FileType.File) === 0) return undefined;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

async function namesIn(folder: vscode.Uri): Promise<readonly string[]> {
  try {
    return (await vscode.workspace.fs.readDirectory(folder)).filter(([, type]) => (type & vscode.FileType.File) !== 0).map(([name]) => name);
  } catch {
    return [];
  }
}

/** Kept with the workspace, so that it holds for everybody who opens it. */
export const limitWorkspace = async (): Promise<void> =>
  vscode.workspace.getConfiguration('gpuRental').update('sensitiveWork', 'on', vscode.ConfigurationTarget.Workspace);
