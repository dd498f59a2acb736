/** The account's volumes as one list to choose from: what they cost, and what can be done with them. */
import { isAbort, isRentError } from '../../domain/errors.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Volume } from '../../domain/volume.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { goBack, type Choice } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { explain } from '../messages.ts';
import { chooseOffer } from '../offers/chooseOffer.ts';
import { reportError } from '../report.ts';
import type { Consent } from '../rent/consent.ts';
import { volumeLine, volumePrice, whereWords } from '../rent/volumeWords.ts';
import type { Voice } from '../voice.ts';
import { gb, line } from '../words.ts';
import { makeVolume } from './newVolume.ts';
import type { VolumesDeps } from './volumesDeps.ts';

export const volumeCommands = (deps: VolumesDeps) => ({ 'gpuRental.volumes.show': () => showVolumes(deps) }) satisfies CommandHandlers;

async function showVolumes(deps: VolumesDeps): Promise<void> {
  const { dialogs, disks, voice } = deps;
  const { t } = voice;
  for (;;) {
    try {
      await dialogs.progress(t('Reading volumes'), true, (_, signal) => disks.refresh(signal));
    } catch (error) {
      if (isAbort(error)) return;
      throw error;
    }
    const wanted = await dialogs.pick<Volume | 'new' | 'again'>({
      title: t('Volumes'),
      placeholder: disks.volumes.length === 0 ? t('Disks of your own that outlive machines; there is none yet') : t('Disks of your own that outlive machines'),
      choices: [...problemChoices(deps), ...disks.volumes.map((volume) => volumeChoice(volume, voice)), { label: t('New volume…'), value: 'new' as const }],
    });
    if (wanted === undefined || wanted === goBack) return;
    if (wanted === 'again') continue;
    if (wanted === 'new') return makeVolume(deps);
    if ((await useVolume(deps, wanted)) === 'done') return;
  }
}

/** A list that is not whole says so first. */
const problemChoices = ({ disks, voice }: VolumesDeps): Choice<'again'>[] =>
  disks.problems.map(({ provider, error }) => ({ label: `$(warning) ${voice.nameOf(provider)}`, description: explain(error, provider, voice).text, value: 'again' }));

const volumeChoice = (volume: Volume, voice: Voice): Choice<Volume> => ({
  label: plain(volume.name, 64),
  description: line(volumeLine(volume, voice), voice.nameOf(volume.provider), usedWords(volume, voice)),
  detail: whereWords(volume, voice),
  value: volume,
});

const usedWords = ({ usedBy }: Volume, { t }: Voice): string => (usedBy.length === 0 ? '' : usedBy.length === 1 ? t('attached to 1 machine') : t('attached to {0} machines', usedBy.length));

async function useVolume(deps: VolumesDeps, volume: Volume): Promise<'done' | 'back'> {
  const { dialogs, voice } = deps;
  const { t } = voice;
  const action = await dialogs.pick({
    title: plain(volume.name, 64),
    placeholder: volumeLine(volume, voice),
    choices: [{ label: t('Rent a machine with it…'), value: 'rent' as const }, { label: t('Destroy…'), value: 'destroy' as const }],
    withBack: true,
  });
  if (action === goBack) return 'back';
  if (action === 'rent') await rentWith(deps, volume);
  if (action === 'destroy') await destroyVolume(deps, volume);
  return 'done';
}

async function rentWith({ dialogs, disks, editor, offers, rent, voice }: VolumesDeps, volume: Volume): Promise<void> {
  const { t } = voice;
  const fitting = offers().filter((offer: Offer) => disks.fits(offer, volume));
  if (fitting.length > 0) {
    const offer = await chooseOffer(dialogs, fitting, voice);
    if (offer) await rent(offer, volume);
    return;
  }
  const answer = await dialogs.notify({
    level: 'info',
    text: `${t('No offer on show can have the volume {0}.', plain(volume.name, 64))} ${whereWords(volume, voice)}`,
    buttons: [{ id: 'filter', label: t('Change the filter') }],
  });
  if (answer === 'filter') await editor.run('gpuRental.offers.filter');
}

export function destroyVolumeConsent(volume: Volume, voice: Voice): Consent {
  const { t, nameOf } = voice;
  return {
    title: t('Destroy the volume {0}?', plain(volume.name, 64)),
    detail: [
      t('All that lies on its {0} in {1} at {2} is lost for good; nobody can bring it back.', gb(volume.sizeGb), plain(volume.place, 60) || t('an unknown place'), nameOf(volume.provider)),
      volume.rate !== undefined && t('It costs {0} until then.', volumePrice(volume, voice)),
    ].filter((sentence) => sentence).join(' '),
  };
}

async function destroyVolume(deps: VolumesDeps, volume: Volume): Promise<void> {
  const { dialogs, disks, editor, voice } = deps;
  const { t, nameOf } = voice;
  if (volume.usedBy.length > 0) return tellAttached(deps, volume);
  const answer = await dialogs.confirm({ ...destroyVolumeConsent(volume, voice), buttons: [{ id: 'destroy', label: t('Destroy') }], grave: true });
  if (answer !== 'destroy') return;
  try {
    await dialogs.progress(t('Destroying the volume {0}', plain(volume.name, 64)), false, () => disks.remove(volume));
  } catch (error) {
    if (isRentError(error, 'notAllowed')) return tellAttached(deps, volume);
    if (!isRentError(error, 'uncertain')) return reportError(deps, error, { provider: volume.provider });
    const next = await dialogs.notify({
      level: 'warning',
      text: t('{0} has not confirmed that the volume {1} is gone: it may still cost money.', nameOf(volume.provider), plain(volume.name, 64)),
      buttons: [{ id: 'volumes', label: t('Show volumes') }],
    });
    if (next === 'volumes') await editor.run('gpuRental.volumes.show');
  }
}

async function tellAttached({ dialogs, editor, voice: { t } }: VolumesDeps, volume: Volume): Promise<void> {
  const answer = await dialogs.notify({
    level: 'info',
    text: t('The volume {0} is attached to a machine, which must be destroyed first.', plain(volume.name, 64)),
    buttons: [{ id: 'instances', label: t('Show instances') }],
  });
  if (answer === 'instances') await editor.showView('gpuRental.instances');
}
