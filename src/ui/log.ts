import * as vscode from 'vscode';

/** The one log: levels, times and a file come with the editor's own log channel. */
export const createLog = (): vscode.LogOutputChannel => vscode.window.createOutputChannel('GPU Rental', { log: true });
