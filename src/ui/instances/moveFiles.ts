/** Folders of this computer that moves read from and copies go to. */
import * as vscode from 'vscode';

export interface MoveFiles {
  readonly copiesFolder: (launchId: string, run: string) => string;
  readonly exists: (folder: string) => Promise<boolean>;
  readonly setApart: (folder: string, launchId: string, run: string) => Promise<string>;
}

/** `storage` is the extension's own: what lies there is in nobody's repository, so that no ignore file speaks for it. */
export function moveFiles(storage: vscode.Uri): MoveFiles {
  const copies = (launchId: string, run: string): vscode.Uri => vscode.Uri.joinPath(storage, 'copies', launchId, run);
  return {
    copiesFolder: (launchId, run) => copies(launchId, run).fsPath,
    exists: async (folder) => {
      try {
        await vscode.workspace.fs.stat(vscode.Uri.file(folder));
        return true;
      } catch {
        return false;
      }
    },
    setApart: async (folder, launchId, run) => {
      const to = copies(launchId, run);
      await vscode.workspace.fs.copy(vscode.Uri.file(folder), to, { overwrite: true });
      return to.fsPath;
    },
  };
}
