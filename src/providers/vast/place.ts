/** Vast writes `Norway, NO`, `Texas, US`, `, US`, `Norway` or nothing. */
import { plainText } from '../http/plainText.ts';

export interface Place {
  /** As shown: a country by its name alone, a region with its country. */
  readonly place: string;
  readonly country?: string;
}

const countries = new Intl.DisplayNames('en', { type: 'region' });

export function placeOf(geolocation: string | undefined): Place {
  const text = plainText(geolocation ?? '', 60);
  const [, region = '', country] = /^(?:(.*?)\s*,\s*)?([A-Z]{2})$/.exec(text) ?? [];
  if (country === undefined) return { place: text.replace(/^[\s,]+|[\s,]+$/g, '') };
  if (region === '') return { place: country, country };
  return { place: region === countries.of(country) ? region : `${region}, ${country}`, country };
}
