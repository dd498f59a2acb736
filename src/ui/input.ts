import type { Dialogs } from './dialogs.ts';
import type { Voice } from './voice.ts';

export interface AmountAsked {
  readonly title: string;
  readonly prompt: string;
  readonly value?: number;
  readonly least: number;
  readonly most: number;
}

/** A number within bounds, typed by a person; a comma may stand for the point. */
export async function amountIn(dialogs: Dialogs, asked: AmountAsked, { t }: Voice): Promise<number | undefined> {
  const { least, most, value, title, prompt } = asked;
  const text = await dialogs.input({
    title,
    prompt,
    ...(value === undefined ? {} : { value: String(value) }),
    refuse: (typed) => {
      const amount = amountOf(typed);
      return amount !== undefined && amount >= least && amount <= most ? undefined : t('A number from {0} to {1}', least, most);
    },
  });
  return text === undefined ? undefined : amountOf(text);
}

export function amountOf(text: string): number | undefined {
  const bare = text.trim().replace(/^\$/, '').replace(',', '.');
  return /^\d+(\.\d+)?$|^\.\d+$/.test(bare) ? Number(bare) : undefined;
}
