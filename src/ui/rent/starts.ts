import type { Offer } from '../../domain/offer.ts';
import type { Start } from '../../domain/start.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import type { RentDeps } from './rentDeps.ts';
import type { Terms } from './terms.ts';

type StartDeps = Pick<RentDeps, 'settings' | 'traits' | 'starts'>;

/** What the settings, or else the provider, have for who chooses nothing. */
export const usualStart = ({ settings, traits }: Pick<StartDeps, 'settings' | 'traits'>, provider: Offer['provider']): Start => ({
  image: settings.image(provider) ?? traits(provider).defaultImage, ports: [],
});

/** What a machine of this offer will be started with: chosen now, else as last time in this project, else as usual. */
export function startFor(deps: StartDeps, { provider }: Pick<Offer, 'provider'>, { start }: Pick<Terms, 'start'>): Start {
  if (start?.provider === provider) return start.what;
  return deps.starts.of(provider) ?? usualStart(deps, provider);
}

/** `ComfyUI`, or the image where it has no other name. */
export const startName = ({ name, image }: Start): string => plain(name ?? image, 80);

/** What a person reads of it before they agree. */
export function startWords(start: Start, { t }: Voice): string {
  const { name, image, ports, env = {}, install } = start;
  const variables = Object.keys(env).length;
  const parts = [
    name === undefined ? t('It starts the image {0}.', plain(image, 255)) : t('It starts {0}, image {1}.', plain(name, 80), plain(image, 255)),
    ports.length > 0 && t('Once it runs, it listens there at port {0}.', ports.join(', ')),
    variables > 0 && (variables === 1 ? t('Its template sets 1 variable.') : t('Its template sets {0} variables.', variables)),
    install !== undefined && t('{0} is not in that image; this installs it there: {1}', startName(start), plain(install, 200)),
  ];
  return parts.filter((part) => part).join(' ');
}
