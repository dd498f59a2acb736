/** Lambda writes `California, USA`, `Osaka, Japan` or `Germany`. */
import { plainText } from '../http/plainText.ts';

export interface Place {
  /** As shown: a country by its name alone, a region with its country. */
  readonly place: string;
  readonly country?: string;
}

export function placeOf(region: { readonly name: string; readonly description?: string | null | undefined }): Place {
  const text = plainText(region.description ?? '', 60);
  const comma = text.lastIndexOf(',');
  const country = codeOf(text.slice(comma + 1).trim());
  if (country === undefined) return { place: text || plainText(region.name, 40) };
  return { place: comma < 0 ? text : `${text.slice(0, comma).trim()}, ${country}`, country };
}

const codeOf = (name: string): string | undefined => (/^USA?$/.test(name) ? 'US' : countries().get(name.toLowerCase()));

let known: ReadonlyMap<string, string> | undefined;

/** Every country by its English name; two letters that are no country have none. */
function countries(): ReadonlyMap<string, string> {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  return (known ??= new Map(letters.flatMap((first) => letters.flatMap((second): [string, string][] => {
    const name = names.of(`${first}${second}`);
    return name === undefined ? [] : [[name.toLowerCase(), `${first}${second}`]];
  }))));
}
