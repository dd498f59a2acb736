import { isAbort, isRentError } from '../domain/errors.ts';
import type { ProviderId } from '../domain/offer.ts';
import type { Log } from '../domain/ports.ts';
import type { Dialogs } from './dialogs.ts';
import type { Editor } from './editor.ts';
import { explain, remedyButton, type Remedy } from './messages.ts';
import { consoleUrl, type Links } from './links.ts';
import type { Voice } from './voice.ts';

export interface ReportDeps {
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly links: Links;
  readonly log: Log;
  readonly voice: Voice;
}

export interface About {
  readonly provider?: ProviderId;
  /** What "Try again" does; without it the button is not offered. */
  readonly retry?: () => Promise<void>;
  /** A sentence that follows the table's own. */
  readonly more?: string;
}

/** Tells a person what went wrong and does what they choose. Cancelling is not an error. */
export async function reportError(deps: ReportDeps, error: unknown, about: About = {}): Promise<void> {
  if (isAbort(error)) return;
  const { dialogs, log, voice } = deps;
  log.error(error instanceof Error ? error : String(error));
  const known = isRentError(error);
  const { text, remedies } = known
    ? explain(error, about.provider, voice)
    : { text: voice.t('Something in the extension itself failed.'), remedies: ['log'] as const };
  const offered = remedies.filter((remedy) => canOffer(remedy, about));
  const chosen = await dialogs.notify({
    level: 'error',
    text: about.more === undefined ? text : `${text} ${about.more}`,
    buttons: offered.map((remedy) => remedyButton(remedy, voice)),
  });
  if (chosen) await applyRemedy(deps, chosen, about);
}

/** For where a lock is held: a notification may stay for hours. */
export function reportLater(deps: ReportDeps, error: unknown, about: About = {}): void {
  reportError(deps, error, about).catch((again: unknown) => deps.log.error('an error could not be shown', again));
}

const needsProvider: readonly Remedy[] = ['keys', 'billing', 'console', 'image'];
const canOffer = (remedy: Remedy, { retry, provider }: About): boolean =>
  remedy === 'retry' ? retry !== undefined : provider !== undefined || !needsProvider.includes(remedy);

async function applyRemedy({ editor, links }: ReportDeps, remedy: Remedy, { provider, retry }: About): Promise<void> {
  switch (remedy) {
    case 'retry':
      return retry?.();
    case 'signIn':
      return editor.run('gpuRental.account.signIn', provider);
    case 'keys':
      return provider && editor.openExternal(links[provider].keysUrl);
    case 'billing':
      return provider && editor.openExternal(links[provider].billingUrl);
    case 'console':
      return provider && editor.openExternal(consoleUrl[provider].instances);
    case 'offers':
      return editor.showView('gpuRental.offers');
    case 'instances':
      return editor.showView('gpuRental.instances');
    case 'image':
      return editor.openSettings(`gpuRental.image.${provider ?? ''}`);
    case 'log':
      return editor.showLog();
  }
}
