/** Asks what of a run is copied where, and how often, for as long as this editor is open. */
import { posix } from 'node:path';
import type { CopyPlan, CopyTarget } from '../../domain/copyPlan.ts';
import { addressOf, type DataPlace } from '../../domain/dataStore.ts';
import type { RunRecord } from '../../domain/run.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Copies } from '../../services/copies.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { askCredentials } from '../data/dataQuestions.ts';
import type { DataKeys } from '../data/dataKeys.ts';
import type { Routes } from '../data/routes.ts';
import { goBack } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { paragraphs } from '../rent/consent.ts';
import type { Voice } from '../voice.ts';
import { age, spanWords } from '../words.ts';
import { chooseRun, type ChooseRunDeps } from './runCommands.ts';
import { commandText } from './runWords.ts';

export interface CopiesDeps extends ChooseRunDeps {
  readonly copies: Pick<Copies, 'of' | 'set' | 'drop'>;
  readonly wakeCopies: () => void;
  readonly routes: Pick<Routes, 'all'>;
  readonly dataKeys: Pick<DataKeys, 'get' | 'set'>;
  /** Where copies of a run lie on this computer: apart from any project, so that none of its rules leave them out. */
  readonly copiesFolder: (launchId: string, run: string) => string;
}

const minuteMs = 60_000;
const everyMinutes = [5, 10, 30, 60];

export function copiesCommands(deps: CopiesDeps) {
  return {
    'gpuRental.run.copies': async (argument?: unknown): Promise<void> => {
      const chosen = await chooseRun(deps, argument, 'reach');
      if (chosen !== undefined) await keepCopies(deps, chosen.instance, chosen.record);
    },
  } satisfies CommandHandlers;
}

async function keepCopies(deps: CopiesDeps, instance: FleetInstance, { launchId, run }: RunRecord): Promise<void> {
  const { copies, dialogs, voice, wakeCopies } = deps;
  const { t } = voice;
  const before = copies.of(launchId, run.id);
  const title = t('Copies of {0}', commandText(run.about, 30));
  const chosen = await dialogs.pick<CopyTarget | 'bucket' | 'end'>({
    title,
    placeholder: before === undefined ? t('Where should its checkpoints be copied?') : planWords(before, deps.now(), voice),
    choices: [
      { label: t('To this computer'), detail: t('Fetched by the editor while a window is open.'), value: { kind: 'here', localFolder: deps.copiesFolder(launchId, run.id) } },
      ...bucketsOf(deps).map((place) => ({ label: t('To {0}', plain(addressOf(place), 80)), detail: t('Sent by the machine, which gets the keys for each copy while a window is open, and keeps none.'), value: { kind: 'bucket' as const, place } })),
      ...(before === undefined ? [] : [{ label: t('Make no more copies'), value: 'end' as const }]),
    ],
  });
  if (chosen === undefined || chosen === goBack || chosen === 'bucket') return;
  if (chosen === 'end') return before && copies.drop(before);
  if (chosen.kind === 'bucket' && !(await hasKeys(deps, chosen.place))) return;
  const folder = await dialogs.input({
    title,
    prompt: t('Which folder does it save into? As seen from its own folder; empty for all of it.'),
    value: before?.folder ?? 'checkpoints',
    refuse: (text) => (/^(?!\/)[^\p{Cc}]*$/u.test(text.trim()) && !text.split('/').includes('..') ? undefined : t('A folder below the run’s own is needed.')),
  });
  if (folder === undefined) return;
  const minutes = await dialogs.pick({
    title, placeholder: t('How often?'),
    choices: everyMinutes.map((value) => ({ label: t('Every {0}', spanWords(value * minuteMs, t)), value, current: value * minuteMs === (before?.everyMs ?? 10 * minuteMs) })),
  });
  if (minutes === undefined || minutes === goBack) return;
  const path = folder.trim().replace(/^(\.\/)+|\/+$/g, '');
  copies.set({ launchId, instanceId: instance.id, run: run.id, folder: path, remoteFolder: posix.join(run.about.folder, path), everyMs: minutes * minuteMs, to: chosen });
  wakeCopies();
  await dialogs.notify({ level: 'info', text: t('Copies are made every {0} while a window of this editor is open; with none open, none are.', spanWords(minutes * minuteMs, t)), buttons: [] });
}

/** Where results were sent before: a new one is made known by copying there once. */
function bucketsOf({ routes }: CopiesDeps): readonly DataPlace[] {
  const places = routes.all.filter(({ direction, place }) => direction === 'push' && place.store.kind !== 'hub').map(({ place }) => place);
  return [...new Map(places.map((place) => [addressOf(place), place])).values()];
}

/** A copy that nobody watches cannot ask. */
async function hasKeys(deps: CopiesDeps, place: DataPlace): Promise<boolean> {
  const { dataKeys, dialogs, voice } = deps;
  if ((await dataKeys.get(place)) !== undefined) return true;
  const given = await askCredentials(deps, place, 'push');
  if (given === undefined) return false;
  if (given.keep) await dataKeys.set(place, given.credentials);
  else await dialogs.notify({ level: 'warning', text: voice.t('Copies now and then need keys that are kept in the editor’s secret storage.'), buttons: [] });
  return given.keep;
}

export function planWords({ copiedAt, problem, to }: CopyPlan, now: number, { t }: Voice): string {
  const where = to.kind === 'here' ? t('this computer') : plain(addressOf(to.place), 80);
  const last = copiedAt === undefined ? t('Nothing was copied to {0} yet.', where) : t('Last copied to {0} {1}.', where, age(now - copiedAt, t));
  return paragraphs(last, problem !== undefined && t('The last try failed: {0}', plain(problem, 120))).replace('\n\n', ' ');
}
