import type { Offer } from '../../domain/offer.ts';
import type { Volume } from '../../domain/volume.ts';
import { goBack } from '../dialogs.ts';
import { plain } from '../escape.ts';
import type { RentDeps } from './rentDeps.ts';
import { volumeLine, whereWords } from './volumeWords.ts';

/** "Volume": only those that a machine of this offer can have. `none` takes the one away that was chosen before. */
export async function chooseVolume({ dialogs, disks, voice }: RentDeps, offer: Offer, current: Volume | undefined): Promise<Volume | 'none' | undefined> {
  const { t } = voice;
  await dialogs.progress(t('Reading volumes'), true, (_, signal) => disks.refresh(signal));
  const fitting = disks.volumes.filter((volume) => disks.fits(offer, volume));
  const elsewhere = disks.volumes.length - fitting.length;
  const volume = await dialogs.pick<Volume | 'none'>({
    title: t('Volume'),
    placeholder: elsewhere === 0 ? t('A disk of your own that outlives the machine') : t('A disk of your own that outlives the machine; {0} others lie where this offer is not', elsewhere),
    choices: [
      { label: t('No volume'), value: 'none', current: current === undefined },
      ...fitting.map((value) => ({
        label: plain(value.name, 64), description: volumeLine(value, voice), detail: whereWords(value, voice), value, current: value.id === current?.id,
      })),
    ],
  });
  return volume === goBack ? undefined : volume;
}
