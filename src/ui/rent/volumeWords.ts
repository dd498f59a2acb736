import { formatUsd, perMonth, zeroUsd } from '../../domain/money.ts';
import { volumesPerMonth, type Volume } from '../../domain/volume.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import { gb, line } from '../words.ts';

/** `$7.00 a month`, or that nobody says. */
export function volumePrice({ rate, provider }: Volume, { t, nameOf }: Voice): string {
  return rate === undefined ? t('price not published by {0}', nameOf(provider)) : t('{0} a month', formatUsd(perMonth(rate)));
}

/** `100 GB · EU-RO-1 · $7.00 a month`. */
export const volumeLine = (volume: Volume, voice: Voice): string => line(gb(volume.sizeGb), plain(volume.place, 60), volumePrice(volume, voice));

/** Where it can be used, which no later choice changes. */
export function whereWords({ provider, place, site }: Pick<Volume, 'provider' | 'place' | 'site'>, { t, nameOf }: Voice): string {
  switch (provider) {
    case 'runpod':
      return t('It can only be attached when a machine is rented, in {0} and in the Secure cloud.', plain(place, 60));
    case 'vast':
      return t('It lies on machine {0} of {1} for ever, and only what is rented on that machine can use it.', plain(site, 20), nameOf(provider));
    case 'lambda':
      return t('It can only be attached when a machine is rented, in {0}.', plain(place, 60));
  }
}

/** What somebody agrees to who rents with it. */
export function attachedWords(volume: Volume, folder: string, voice: Voice): string {
  const { t } = voice;
  return t('The volume {0}, {1}, is found there at {2}. It costs that until you destroy it, with or without this machine.', plain(volume.name, 64), volumeLine(volume, voice), folder);
}

/** What all of them cost, for where spend is shown. */
export function volumeCosts(volumes: readonly Volume[], voice: Voice): string[] {
  const { t } = voice;
  const month = volumesPerMonth(volumes);
  const unknown = volumes.filter(({ rate }) => rate === undefined).length;
  return [
    ...(month === zeroUsd ? [] : [t('Volumes cost {0} a month, whatever runs, until you destroy them. They are not in the figures above.', formatUsd(month))]),
    ...(unknown === 0 ? [] : [unknown === 1 ? t('1 volume more costs what its provider does not publish.') : t('{0} volumes more cost what their provider does not publish.', unknown)]),
  ];
}
