import type { ProviderProblem } from '../services/market.ts';
import { explain } from './messages.ts';
import type { Row } from './row.ts';
import type { Voice } from './voice.ts';

/** A provider that could not be heard stands at the top of a list, because the list is not whole. */
export function problemRow({ provider, error }: ProviderProblem, voice: Voice): Row {
  const { text } = explain(error, provider, voice);
  return { label: voice.nameOf(provider), description: text, icon: { codicon: 'warning', color: 'list.warningForeground' }, spoken: text };
}
