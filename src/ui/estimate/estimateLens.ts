import * as vscode from 'vscode';
import type { CommandId } from '../commandIds.ts';
import type { Translate } from '../voice.ts';
import { invitation, lensText } from './lensText.ts';
import { trainingLine } from './looksLikeTraining.ts';
import type { EstimateSession } from './session.ts';

export interface LensDeps {
  readonly enabled: () => boolean;
  /** Undefined until somebody has asked for an estimate in this window: before that nothing is read. */
  readonly session: (uri: vscode.Uri) => EstimateSession | undefined;
  readonly t: Translate;
}

const languages = ['python', 'yaml', 'toml', 'json', 'jsonc', 'shellscript'];
/** Not cells of notebooks, not the two sides of a comparison. */
const schemes = ['file', 'untitled', 'vscode-remote', 'vscode-vfs'];
export const lensSelector: vscode.DocumentSelector = languages.flatMap((language) => schemes.map((scheme) => ({ language, scheme })));

/** One line above what drives the cost, in files that train something. */
export class EstimateLens implements vscode.CodeLensProvider {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #deps: LensDeps;

  constructor(deps: LensDeps) {
    this.#deps = deps;
  }

  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { enabled, session, t } = this.#deps;
    if (!enabled()) return [];
    const { uri } = document;
    const guessed = trainingLine(document.getText());
    if (guessed === undefined) return [];
    const state = session(uri)?.state;
    const text = state?.reading === undefined ? { line: guessed, title: invitation(t), tooltip: '' } : lensText(state, t);
    if (text === undefined) return [];
    const command: CommandId = 'gpuRental.estimate.open';
    return [new vscode.CodeLens(new vscode.Range(text.line - 1, 0, text.line - 1, 0), { title: text.title, tooltip: text.tooltip, command, arguments: [uri] })];
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
