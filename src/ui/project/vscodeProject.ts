/** The window's folder, its unsaved files of machines, and where downloads go. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { fileName } from '../escape.ts';
import { nameOf } from '../instances/instanceRow.ts';
import { podScheme } from '../pod/podUri.ts';
import type { Translate } from '../voice.ts';
import type { ProjectFolder } from './setupScriptCommand.ts';

/** The first folder that lies here and not on a machine. */
function firstFolder(): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme !== podScheme);
}

export function projectFolder(): ProjectFolder | undefined {
  const folder = firstFolder();
  if (folder === undefined) return undefined;
  const at = (path: string): vscode.Uri => vscode.Uri.joinPath(folder.uri, ...path.split('/'));
  const active = vscode.window.activeTextEditor?.document.uri;
  return {
    name: folder.name,
    read: async (path) => {
      try {
        return new TextDecoder().decode(await vscode.workspace.fs.readFile(at(path)));
      } catch {
        return undefined;
      }
    },
    exists: async (path) => {
      try {
        await vscode.workspace.fs.stat(at(path));
        return true;
      } catch {
        return false;
      }
    },
    active: active !== undefined && vscode.workspace.getWorkspaceFolder(active) === folder ? vscode.workspace.asRelativePath(active, false) : undefined,
  };
}

export async function openNew(language: string, content: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language, content }));
}

/** Names of a machine's files that are open in this window and not saved. */
export const unsavedOn = (alias: string): readonly string[] =>
  vscode.workspace.textDocuments
    .filter(({ isDirty, uri }) => isDirty && uri.scheme === podScheme && uri.authority.toLowerCase() === alias.toLowerCase())
    .map(({ uri }) => uri.path.split('/').at(-1) ?? uri.path);

/**
 * A folder of the machine's own below the window's, so that nothing of the project is written over; asked for where the
 * window has none on this computer's disk.
 */
export async function downloadFolder(instance: FleetInstance, t: Translate): Promise<string | undefined> {
  const own = `${fileName(nameOf(instance))}-${fileName(instance.alias ?? instance.id).slice(-8)}`;
  const folder = firstFolder()?.uri;
  if (folder?.scheme === 'file') return join(folder.fsPath, 'gpu-rental-downloads', own);
  const [chosen] = (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel: t('Download here') })) ?? [];
  return chosen?.scheme === 'file' ? join(chosen.fsPath, own) : undefined;
}

/** What a machine that is rented now is rented for. */
export const firstFolderName = (): string => vscode.workspace.workspaceFolders?.[0]?.name ?? '';
