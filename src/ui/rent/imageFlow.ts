/** "Image": last time's first, then what fits the offer, the provider's own templates, and any image by its name. */
import { isAbort } from '../../domain/errors.ts';
import type { Offer } from '../../domain/offer.ts';
import { isImage, type Start, type StartTemplate } from '../../domain/start.ts';
import { imagesFor, startImages } from '../../domain/startImages.ts';
import { goBack, type Choice } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { reportLater } from '../report.ts';
import { gb, line } from '../words.ts';
import { imageWords } from './imageWords.ts';
import type { RentDeps } from './rentDeps.ts';
import { startName, usualStart } from './starts.ts';

export interface ChosenStart {
  readonly start: Start;
  /** GB that it wants; absent where nobody said. */
  readonly diskGb?: number;
}

type Wanted = { readonly is: 'start'; readonly chosen: ChosenStart } | { readonly is: 'templates' } | { readonly is: 'name' };

export async function chooseStart(deps: RentDeps, offer: Offer, current: Start): Promise<ChosenStart | undefined> {
  const { dialogs, voice: { t, nameOf } } = deps;
  const ownImages = deps.traits(offer.provider).ownImages === true;
  for (;;) {
    const wanted = await dialogs.pick<Wanted>({
      title: t('Image'),
      placeholder: placeholder(offer, deps),
      choices: [
        ...usualChoices(deps, offer, current),
        ...curated(deps, offer, current),
        ...(ownImages ? [] : [{ label: t('Templates of {0}…', nameOf(offer.provider)), section: t('Others'), value: { is: 'templates' as const } }]),
        { label: t('Any image by its name…'), value: { is: 'name' } },
      ],
    });
    if (wanted === undefined || wanted === goBack) return undefined;
    if (wanted.is === 'start') return wanted.chosen;
    const chosen = wanted.is === 'templates' ? await chooseTemplate(deps, offer) : await nameImage(deps, offer, current);
    if (chosen !== goBack) return chosen;
  }
}

function placeholder({ provider, vramGb }: Offer, { voice: { t } }: RentDeps): string {
  const tooLarge = startImages.filter((image) => image.on[provider] !== undefined && image.vramGb > vramGb).length;
  return tooLarge === 0 ? t('What should it start?') : t('What should it start? {0} more need a GPU with more than {1}', tooLarge, gb(vramGb));
}

const startChoice = (deps: RentDeps, offer: Offer, current: Start, { start, diskGb }: ChosenStart, about = ''): Choice<Wanted> => {
  const { t } = deps.voice;
  const guarded = deps.traits(offer.provider).carriesGuard(start.image);
  const detail = [about, guarded ? '' : t('No guard: a machine of this image cannot end itself.')].filter((part) => part).join(' ');
  return {
    label: startName(start),
    description: line(start.name === undefined ? undefined : plain(start.image, 100), start.ports.length > 0 && t('port {0}', start.ports.join(', '))),
    ...(detail === '' ? {} : { detail }),
    value: { is: 'start', chosen: { start, ...(diskGb === undefined ? {} : { diskGb }) } },
    current: start.image === current.image && start.name === current.name,
  };
};

function usualChoices(deps: RentDeps, offer: Offer, current: Start): Choice<Wanted>[] {
  const { t } = deps.voice;
  const last = deps.starts.of(offer.provider);
  const usual = usualStart(deps, offer.provider);
  return [
    ...(last === undefined ? [] : [{ ...startChoice(deps, offer, current, { start: last }), section: t('Last time in this project') }]),
    { ...startChoice(deps, offer, current, { start: usual }), section: t('Usual') },
  ];
}

function curated(deps: RentDeps, offer: Offer, current: Start): Choice<Wanted>[] {
  const { t } = deps.voice;
  return imagesFor(offer.provider, offer.vramGb).map(({ image, start }, index) => ({
    ...startChoice(deps, offer, current, { start, diskGb: image.diskGb }, imageWords(image.id, t)),
    ...(index === 0 ? { section: t('For what you do') } : {}),
  }));
}

async function chooseTemplate(deps: RentDeps, offer: Offer): Promise<ChosenStart | typeof goBack | undefined> {
  const { dialogs, voice: { t, nameOf } } = deps;
  let templates: readonly StartTemplate[];
  let more: boolean;
  try {
    const page = await dialogs.progress(t('Reading the templates of {0}', nameOf(offer.provider)), true, (_, signal) => deps.templates(offer.provider, '', signal));
    ({ templates, more } = page);
    if (templates.length === 0) {
      await dialogs.notify({ level: 'info', text: t('{0} lists no template that can be started.', nameOf(offer.provider)), buttons: [] });
      return goBack;
    }
    if (page.dropped > 0) deps.log.warn(`${page.dropped} templates of ${offer.provider} could not be read`);
  } catch (error) {
    // The person is still choosing: they hear of it, and go on with the other ways.
    if (!isAbort(error)) reportLater(deps, error, { provider: offer.provider });
    return goBack;
  }
  return dialogs.pick({
    title: t('Templates of {0}', nameOf(offer.provider)),
    placeholder: more ? t('Which one? There are more than are shown') : t('Which one?'),
    choices: templates.map((template, index) => templateChoice(deps, offer, template, templates[index - 1]?.by)),
    withBack: true,
  });
}

function templateChoice(deps: RentDeps, offer: Offer, template: StartTemplate, before: StartTemplate['by'] | undefined): Choice<ChosenStart> {
  const { t, nameOf } = deps.voice;
  const { by, diskGb, withoutScript, ...start } = template;
  const sections = { you: t('Yours'), provider: nameOf(offer.provider), community: t('Other people’s') };
  const detail = [
    withoutScript && t('Its start script is too long to go with the guard: the image starts without it.'),
    !deps.traits(offer.provider).carriesGuard(start.image) && t('No guard: a machine of this image cannot end itself.'),
  ].filter((part) => part).join(' ');
  return {
    label: startName(start),
    description: line(plain(start.image, 100), start.ports.length > 0 && t('port {0}', start.ports.join(', ')), diskGb !== undefined && gb(diskGb)),
    ...(detail === '' ? {} : { detail }),
    ...(by === before ? {} : { section: sections[by] }),
    value: { start, ...(diskGb === undefined ? {} : { diskGb }) },
  };
}

async function nameImage({ dialogs, traits, voice: { t, nameOf } }: RentDeps, { provider }: Offer, current: Start): Promise<ChosenStart | typeof goBack> {
  const { ownImages, defaultImage } = traits(provider);
  const image = await dialogs.input({
    title: t('Image'),
    prompt: ownImages === true ? t('A family of machine images of {0}; {1} is the newest of its usual one', nameOf(provider), defaultImage) : t('An image of a public registry, with its tag'),
    value: current.image,
    placeholder: ownImages === true ? defaultImage : 'pytorch/pytorch:2.4.0-cuda12.4-cudnn9-devel',
    refuse: (text) => (isImage(text.trim()) ? undefined : t('Not the name of an image')),
  });
  return image === undefined ? goBack : { start: { image: image.trim(), ports: [] } };
}
