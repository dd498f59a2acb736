/** Reads what a workspace's own files say of it, and no more than is needed. */
import * as vscode from 'vscode';
import { sensitiveSigns, type SensitiveSign } from '../../domain/sensitiveSigns.ts';
import { podScheme } from '../pod/podUri.ts';

const mostFolders = 8;
/** A configuration of Git has a few kilobytes. */
const mostBytes = 256 * 1024;

export async function workspaceSigns(): Promise<readonly SensitiveSign[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme !== podScheme).slice(0, mostFolders);
  const each = await Promise.all(folders.map(async ({ uri }) => sensitiveSigns({ gitConfig: await gitConfig(uri), files: await namesIn(uri) })));
  return each.flat();
}

/** Of a work tree of its own, `.git` is a file that says where the rest lies. */
async function gitConfig(folder: vscode.Uri): Promise<string | undefined> {
  const git = vscode.Uri.joinPath(folder, '.git');
  const plainly = await read(vscode.Uri.joinPath(git, 'config'));
  if (plainly !== undefined) return plainly;
  const [, at] = /^gitdir: (.+?)\s*$/m.exec((await read(git)) ?? '') ?? [];
  if (at === undefined) return undefined;
  const own = /^(?:\/|[a-z]:)/i.test(at) ? vscode.Uri.file(at) : vscode.Uri.joinPath(folder, ...at.split('/'));
  return (await read(vscode.Uri.joinPath(own, 'config'))) ?? read(vscode.Uri.joinPath(own, '..', '..', 'config'));
}

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
