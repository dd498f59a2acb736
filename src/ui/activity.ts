import * as vscode from 'vscode';
import type { Disposable } from '../domain/ports.ts';
import { podAlias } from './pod/podUri.ts';
import { aliasOf } from './remote/remoteAlias.ts';

/**
 * Tells when somebody works in a window on one of our machines; windows elsewhere prove nothing about it. Terminals are
 * left to the machine, which sees typing itself.
 */
export function watchActivity(worked: (alias: string) => void): Disposable {
  const uri = vscode.workspace.workspaceFolders?.[0]?.uri;
  const alias = uri && (podAlias(uri) ?? aliasOf(uri.authority));
  if (alias === undefined) return { dispose: () => undefined };
  const note = (): void => worked(alias);
  return vscode.Disposable.from(
    // Output is a document too, and a log that a job writes is read anew by itself: neither is dirty.
    vscode.workspace.onDidChangeTextDocument(({ document }) => document.isDirty && note()),
    vscode.workspace.onDidChangeNotebookDocument(note),
    vscode.window.onDidChangeTextEditorSelection(({ kind }) => kind !== undefined && note()),
    vscode.window.onDidStartTerminalShellExecution(note),
    vscode.window.onDidChangeWindowState(({ active }) => active && note()),
    vscode.debug.onDidStartDebugSession(note),
    vscode.tasks.onDidStartTask(note),
  );
}
