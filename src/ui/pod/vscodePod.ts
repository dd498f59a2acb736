import * as vscode from 'vscode';
import { fileName } from '../escape.ts';
import type { PodEditor, PodPlace } from './podEditor.ts';
import { podAlias, podScheme } from './podUri.ts';
import { podWorkspace } from './podWorkspace.ts';

const toUri = ({ alias, path }: PodPlace): vscode.Uri => vscode.Uri.from({ scheme: podScheme, authority: alias, path });
export const placeOf = (uri: vscode.Uri): PodPlace[] => {
  const alias = podAlias(uri);
  return alias === undefined ? [] : [{ alias, path: uri.path }];
};

/**
 * Where the workspaces of machines are written down. A browser that reads such a file from its server learns the folders
 * when the window is up already, and may then wait for ever: for a setting in the machine's folder, for which it wants
 * this extension, which it starts only when it has the folders. What it keeps itself it reads before all that.
 */
const workspaces = (storage: vscode.Uri): vscode.Uri =>
  vscode.Uri.joinPath(vscode.env.uiKind === vscode.UIKind.Web ? vscode.Uri.from({ scheme: 'vscode-userdata', path: '/User/gpu-rental' }) : storage, 'machines');

/** The one place that opens folders and files of machines. `storage` is the extension's own. */
export const vscodePod = (storage: vscode.Uri): PodEditor => ({
  get folders() {
    return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => placeOf(uri));
  },
  openFolder: async (place, name, newWindow) => {
    // A lone folder is called by its last part, and every machine has a /workspace.
    const file = vscode.Uri.joinPath(workspaces(storage), place.alias, `${fileName(name)}.code-workspace`);
    const before = await Promise.resolve(vscode.workspace.fs.readFile(file)).then((bytes) => new TextDecoder().decode(bytes), () => undefined);
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(podWorkspace(toUri(place).toString(), name, before)));
    await vscode.commands.executeCommand('vscode.openFolder', file, newWindow ? { forceNewWindow: true } : { forceReuseWindow: true });
  },
  pickFile: async (place) => {
    const [chosen] = (await vscode.window.showOpenDialog({ defaultUri: toUri(place) })) ?? [];
    if (chosen !== undefined) await vscode.commands.executeCommand('vscode.open', chosen);
  },
  show: async (place, line) => {
    const at = new vscode.Position(line - 1, 0);
    await vscode.window.showTextDocument(toUri(place), { selection: new vscode.Range(at, at), preview: true });
  },
  refreshExplorer: async () => vscode.commands.executeCommand('workbench.files.action.refreshFilesExplorer'),
});

/** Of files, whatever kind of editor shows them. */
export function openPaths(alias: string): string[] {
  const uris = [
    ...vscode.workspace.textDocuments.map(({ uri }) => uri),
    ...vscode.workspace.notebookDocuments.map(({ uri }) => uri),
    ...vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).flatMap(({ input }) => (hasUri(input) ? [input.uri] : [])),
  ];
  return [...new Set(uris.flatMap(placeOf).filter((place) => place.alias === alias).map(({ path }) => path))];
}

const hasUri = (input: unknown): input is { readonly uri: vscode.Uri } =>
  typeof input === 'object' && input !== null && 'uri' in input && input.uri instanceof vscode.Uri;
