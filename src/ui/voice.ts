import type { ProviderId } from '../domain/offer.ts';

/** `vscode.l10n.t`, handed in, so that what people read is tested without an editor. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** What every sentence needs: the language, and how a provider calls itself. */
export interface Voice {
  readonly t: Translate;
  readonly nameOf: (provider: ProviderId) => string;
}
