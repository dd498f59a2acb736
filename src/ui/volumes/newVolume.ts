/** A new volume: where, how it is called, how large. Nothing is made before a modal has named what it costs a month. */
import { isRentError } from '../../domain/errors.ts';
import { formatUsd, perMonth } from '../../domain/money.ts';
import { providerIds, type Offer, type ProviderId } from '../../domain/offer.ts';
import { isVolumeName, type VolumeOrder, type VolumeSite } from '../../domain/volume.ts';
import { goBack } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { amountIn } from '../input.ts';
import { reportError } from '../report.ts';
import { paragraphs, practiceWords, type Consent } from '../rent/consent.ts';
import { whereWords } from '../rent/volumeWords.ts';
import type { Voice } from '../voice.ts';
import { gb, line } from '../words.ts';
import type { VolumesDeps } from './volumesDeps.ts';

export async function makeVolume(deps: VolumesDeps): Promise<void> {
  const order = await askOrder(deps);
  if (order === undefined) return;
  const { dialogs, disks, editor, voice } = deps;
  const { t } = voice;
  const answer = await dialogs.confirm({ ...newVolumeConsent(order, deps.practice, voice), buttons: [{ id: 'create', label: t('Create') }], grave: false });
  if (answer !== 'create') return;
  try {
    const made = await dialogs.progress(t('Creating the volume {0}', order.name), true, (_, signal) => disks.create(order, signal));
    const next = await dialogs.notify({ level: 'info', text: t('The volume {0} is there.', plain(made.name, 64)), buttons: [{ id: 'volumes', label: t('Show volumes') }] });
    if (next === 'volumes') await editor.run('gpuRental.volumes.show');
  } catch (error) {
    if (!isRentError(error, 'uncertain', 'notCreated')) return reportError(deps, error, { provider: order.site.provider });
    deps.log.warn(`the volume ${order.name}`, error);
    const text = isRentError(error, 'notCreated')
      ? t('{0} gave no clear answer, and no volume {1} was made.', voice.nameOf(order.site.provider), order.name)
      : t('{0} gave no clear answer: the volume {1} may have been made, and would cost {2} a month. Look at the volumes before you try again.', voice.nameOf(order.site.provider), order.name, monthly(order));
    const next = await dialogs.notify({ level: 'warning', text, buttons: [{ id: 'volumes', label: t('Show volumes') }] });
    if (next === 'volumes') await editor.run('gpuRental.volumes.show');
  }
}

const monthly = ({ site, sizeGb }: VolumeOrder): string => formatUsd(perMonth(site.rateFor(sizeGb)));

export function newVolumeConsent(order: VolumeOrder, practice: boolean, voice: Voice): Consent {
  const { t, nameOf } = voice;
  const { site, name, sizeGb } = order;
  return {
    title: t('Create the volume {0} for {1} a month?', name, monthly(order)),
    detail: paragraphs(
      practice && practiceWords(voice),
      t('{0} at {1}, in {2}. It costs that from now on, with or without a machine, until you destroy it.', gb(sizeGb), nameOf(site.provider), plain(site.place, 60) || t('an unknown place')),
      whereWords(site, voice),
    ),
  };
}

async function askOrder(deps: VolumesDeps): Promise<VolumeOrder | undefined> {
  const { dialogs, disks, voice } = deps;
  const { t } = voice;
  const provider = await askProvider(deps);
  if (provider === undefined) return undefined;
  const site = await askSite(deps, provider);
  if (site === undefined) return undefined;
  const taken = new Set(disks.volumes.filter((volume) => volume.provider === provider).map(({ name }) => name));
  const name = await dialogs.input({
    title: t('New volume'),
    prompt: t('How it is called: letters, digits and underscores'),
    refuse: (text) => (!isVolumeName(text) ? t('Letters, digits and underscores, 64 at most') : taken.has(text) ? t('There is a volume of that name already') : undefined),
  });
  if (name === undefined) return undefined;
  const asked = { title: t('New volume'), prompt: t('Size in GB; {0} for 100 GB a month', formatUsd(perMonth(site.rateFor(100)))), value: Math.min(100, site.mostGb), least: site.leastGb, most: site.mostGb };
  const size = await amountIn(dialogs, asked, voice);
  return size === undefined ? undefined : { site, name, sizeGb: Math.ceil(size) };
}

async function askProvider({ accounts, askToSignIn, dialogs, voice: { t, nameOf } }: VolumesDeps): Promise<ProviderId | undefined> {
  const provider = await dialogs.pick({
    title: t('New volume'),
    placeholder: t('Where should it lie?'),
    choices: [
      { label: nameOf('runpod'), description: t('in a data centre, for every machine of its Secure cloud'), value: providerIds[1] },
      { label: nameOf('vast'), description: t('on one machine, for what is rented on it'), value: providerIds[0] },
    ],
  });
  if (provider === undefined || provider === goBack) return undefined;
  return accounts.signedIn(provider) || (await askToSignIn(provider)) ? provider : undefined;
}

async function askSite({ dialogs, disks, offers, voice }: VolumesDeps, provider: ProviderId): Promise<VolumeSite | undefined> {
  const { t, nameOf } = voice;
  const near = Map.groupBy(offers().filter((offer) => offer.provider === provider), siteOf);
  const machines = provider === 'vast' ? [...near.keys()].filter((site) => site !== '') : [];
  const sites = await dialogs.progress(t('Asking {0} where a volume can be made', nameOf(provider)), true, (_, signal) => disks.sites(provider, machines, signal));
  if (sites.length === 0) {
    await dialogs.notify({ level: 'info', text: t('None of the machines whose offers are on show sells volumes. Another filter may show others.'), buttons: [] });
    return undefined;
  }
  // A volume is of use where there is a GPU to rent.
  const byUse = sites.toSorted((a, b) => (near.get(b.site)?.length ?? 0) - (near.get(a.site)?.length ?? 0) || a.place.localeCompare(b.place));
  const site = await dialogs.pick({
    title: t('New volume'),
    placeholder: t('Where? It cannot be moved later'),
    choices: byUse.map((value) => ({
      label: line(plain(value.place, 60), provider === 'vast' && t('machine {0}', value.site)),
      description: line(t('{0} for 100 GB a month', formatUsd(perMonth(value.rateFor(100)))), gpusThere(near.get(value.site) ?? [], voice)),
      value,
    })),
  });
  return site === goBack ? undefined : site;
}

/** What an offer's machine shares a disk with. */
export const siteOf = ({ provider, details, place, tier }: Offer): string => (provider === 'vast' ? (details.machineId ?? '') : tier === 'datacentre' ? place : '');

function gpusThere(offers: readonly Offer[], { t }: Voice): string {
  const models = [...new Set(offers.map(({ gpu }) => plain(gpu, 40)))];
  if (models.length === 0) return t('no offer on show there');
  return models.length > 3 ? t('{0} and {1} more', models.slice(0, 3).join(', '), models.length - 3) : models.join(', ');
}
