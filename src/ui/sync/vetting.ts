/** The question about what looks like a secret, before any of it leaves. */
import { type FindSecrets, type SecretFinding, type SkippedFile, withSecrets } from '../../domain/sync.ts';
import { aborted } from '../../services/clock.ts';
import type { Dialogs } from '../dialogs.ts';
import type { Voice } from '../voice.ts';
import type { Pairs } from './pairs.ts';
import { findingWords } from './syncWords.ts';

export interface VettingDeps {
  readonly findSecrets: FindSecrets;
  readonly pairs: Pick<Pairs, 'of'>;
  readonly dialogs: Dialogs;
  readonly voice: Voice;
}

export interface Vetting {
  /** Turning away from the question ends the upload: nothing was sent yet. */
  vet(paths: Iterable<string>): Promise<readonly SkippedFile[]>;
  /** What a person sends all the same, now and before. */
  readonly allowed: readonly string[];
}

/** Of one upload. What was sent before is not asked about again. */
export function vetting(deps: VettingDeps, localFolder: string, signal: AbortSignal): Vetting {
  const allowed = new Set(deps.pairs.of(localFolder)?.allowed);
  return {
    async vet(paths) {
      const found = (await deps.findSecrets(localFolder, paths, signal)).filter(({ path }) => !allowed.has(path));
      if (found.length === 0) return [];
      if ((await askAbout(deps, found)) === 'skip') return withSecrets(found);
      for (const { path } of found) allowed.add(path);
      return [];
    },
    get allowed() {
      return [...allowed];
    },
  };
}

async function askAbout({ dialogs, voice }: VettingDeps, found: readonly SecretFinding[]): Promise<'skip' | 'send'> {
  const answer = await dialogs.confirm({
    ...findingWords(found, voice.t),
    buttons: [{ id: 'skip', label: voice.t('Upload without them') }, { id: 'send', label: voice.t('Upload all') }],
    grave: true,
  });
  if (answer === undefined) throw aborted();
  return answer;
}
