/** Moves work away from a machine that was taken away: from where it goes on, on which machine, and what becomes of the old. */
import type { Credentials } from '../../domain/dataStore.ts';
import { isAbort, isRentError } from '../../domain/errors.ts';
import type { OfferFilter } from '../../domain/filter.ts';
import type { Launch } from '../../domain/launch.ts';
import { isOver, newMachine, type Checkpoints, type Move } from '../../domain/move.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Journal } from '../../domain/store.ts';
import type { Copies } from '../../services/copies.ts';
import { launchName, type FleetInstance } from '../../services/fleetInstance.ts';
import type { MoveBook } from '../../services/moveBook.ts';
import type { Mover } from '../../services/mover.ts';
import { newRunId } from '../../services/runLaunch.ts';
import type { Runs } from '../../services/runs.ts';
import type { CommandHandlers } from '../commandIds.ts';
import type { DataKeys } from '../data/dataKeys.ts';
import { askCredentials } from '../data/dataQuestions.ts';
import { copyProgress } from '../data/dataWords.ts';
import type { Routes } from '../data/routes.ts';
import { plain } from '../escape.ts';
import { reportError } from '../report.ts';
import type { RentDeps } from '../rent/rentDeps.ts';
import { RentFlow } from '../rent/rentFlow.ts';
import { uploadText } from '../runs/runFlow.ts';
import { chooseInstance, type ChooseDeps } from './chooseInstance.ts';
import type { InstanceFlows } from './instanceFlows.ts';
import { nameOf } from './instanceRow.ts';
import { chooseCheckpoints, unfinishedWork } from './moveSources.ts';
import { goesOnNote, halfMovedText, moveConsent, moveStageWords, notMovedText } from './moveWords.ts';
import { nextOffer, wishFor } from './nextOffer.ts';

export interface MoveDeps extends Omit<RentDeps, 'fleet' | 'offers'>, Pick<ChooseDeps, 'fleet'> {
  readonly mover: Pick<Mover, 'next' | 'rent' | 'carryOn' | 'close' | 'giveUp' | 'isAttended'>;
  readonly book: Pick<MoveBook, 'of' | 'begin' | 'unfinished' | 'step'>;
  readonly journal: Pick<Journal, 'launches' | 'launch'>;
  readonly runs: Pick<Runs, 'of'>;
  readonly copies: Pick<Copies, 'of' | 'set'>;
  readonly routes: Pick<Routes, 'all'>;
  readonly dataKeys: Pick<DataKeys, 'get' | 'set' | 'forget'>;
  readonly flows: Pick<InstanceFlows, 'destroy'>;
  readonly random: (bytes: number) => Uint8Array;
  /** What could be rented now, hidden hosts left out, whatever the list is filtered by. */
  readonly search: (filter: OfferFilter, signal: AbortSignal) => Promise<readonly Offer[]>;
  /** Files are sent only from folders that a person trusts. */
  readonly trusted: () => boolean;
  /** Of this computer. */
  readonly exists: (folder: string) => Promise<boolean>;
  /** Copies a folder to where nothing of a project's rules leaves anything of it out, and says where. */
  readonly setApart: (folder: string, launchId: string, run: string) => Promise<string>;
}

export function moveCommands(deps: MoveDeps) {
  const busy = new Set<string>();
  const alone = async (launchId: string, act: () => Promise<void>): Promise<void> => {
    if (busy.has(launchId)) return;
    busy.add(launchId);
    try {
      await act();
    } finally {
      busy.delete(launchId);
    }
  };
  return {
    'gpuRental.instance.move': async (argument?: unknown): Promise<void> => {
      const instance = await chooseInstance(deps, argument, 'move');
      if (instance?.launch !== undefined) await alone(instance.launch.id, () => moveWork(deps, instance));
    },
  } satisfies CommandHandlers;
}

/** Told where a window closed in the middle of it: nothing goes on unasked, because it costs. */
export async function offerToGoOn(deps: MoveDeps): Promise<void> {
  const { book, dialogs, editor, journal, mover, voice } = deps;
  const { t } = voice;
  for (const move of book.unfinished) {
    const launch = journal.launch(move.launchId);
    if (launch === undefined || mover.isAttended(move)) continue;
    if (move.step === 'going' && launch.state === 'gone') {
      // The work goes on, and somebody has ended the old machine meanwhile.
      mover.close(move);
      continue;
    }
    const answer = await dialogs.notify({
      level: 'warning', text: t('The work of {0} has not moved to the end: the window that moved it was closed.', plain(launchName(launch), 40)),
      buttons: [{ id: 'go', label: t('Go on') }, { id: 'leave', label: t('Give it up') }],
    });
    if (answer === 'leave') await giveUp(deps, move);
    if (answer === 'go') await editor.run('gpuRental.instance.move', move.instanceId);
  }
}

async function giveUp({ mover, editor }: MoveDeps, move: Move): Promise<void> {
  if (move.step === 'going') mover.close(move);
  else mover.giveUp(move);
  await editor.showView('gpuRental.instances');
}

async function moveWork(deps: MoveDeps, instance: FleetInstance): Promise<void> {
  const { book, dialogs, mover, voice } = deps;
  const launch = instance.launch as Launch;
  const before = book.of(launch.id);
  if (before !== undefined && !isOver(before)) {
    if (mover.isAttended(before) && before.step !== 'going') return void (await dialogs.notify({ level: 'info', text: voice.t('{0} is being moved already.', nameOf(instance)), buttons: [] }));
    return goOn(deps, before, instance);
  }
  const move = await agreeToMove(deps, instance, launch);
  if (move !== undefined) await goOn(deps, move, instance);
}

async function agreeToMove(deps: MoveDeps, instance: FleetInstance, launch: Launch): Promise<Move | undefined> {
  const { book, dialogs, now, random, runs, trusted, voice } = deps;
  const { t } = voice;
  const record = unfinishedWork(runs.of(launch.id));
  if (record === undefined) {
    await dialogs.notify({ level: 'info', text: t('Nothing was running on {0}, so there is no work to move.', nameOf(instance)), buttons: [] });
    return undefined;
  }
  if (record.from !== undefined && !trusted()) {
    await dialogs.notify({ level: 'warning', text: t('Files are sent only from folders that you trust.'), buttons: [] });
    return undefined;
  }
  const checkpoints = await chooseCheckpoints(deps, instance, launch, record);
  if (checkpoints === undefined) return undefined;
  const work = { ...record.run.about, afterwards: record.run.afterwards, ...(record.from === undefined ? {} : { from: record.from }) };
  const answer = await dialogs.confirm({ ...moveConsent(instance, { work, checkpoints }, now(), voice), buttons: [{ id: 'move', label: t('Choose the machine') }], grave: false });
  return answer === undefined ? undefined : book.begin({ launchId: launch.id, instanceId: instance.id, work, checkpoints, run: newRunId(now(), random) });
}

/** As far as it goes: each step is written down, so that whatever ends this begins again where it was. */
async function goOn(deps: MoveDeps, begun: Move, old: FleetInstance): Promise<void> {
  const { book, mover, voice, dialogs } = deps;
  try {
    for (let move = begun; ; move = book.of(begun.launchId) ?? begun) {
      const deed = await dialogs.progress(voice.t('Looking at the move of {0}', nameOf(old)), true, (_, signal) => mover.next(move, signal));
      if (deed === 'rent') {
        if (!(await rentAnother(deps, move, old))) return;
      } else if (deed === 'restore') {
        if (!(await restore(deps, move, old))) return;
      } else if (deed === 'offerEnd') {
        return await offerEnd(deps, move, old);
      } else {
        if (deed === 'wait') await dialogs.notify({ level: 'info', text: halfMovedText(old, freshOf(deps, move), voice), buttons: [] });
        else if (!isOver(move)) mover.close(move);
        return;
      }
    }
  } catch (error) {
    if (isAbort(error)) return void (await tellHalf(deps, begun, old));
    await reportError(deps, error, { provider: old.provider, ...(isRentError(error, 'notStarted', 'notAllowed') ? {} : { retry: () => goOn(deps, book.of(begun.launchId) ?? begun, old) }) });
  }
}

/** The usual way to a machine: price now, consent, and the next best when that one is gone. */
async function rentAnother(deps: MoveDeps, move: Move, old: FleetInstance): Promise<boolean> {
  const { book, dialogs, editor, journal, mover, rentals, voice } = deps;
  const launch = journal.launch(move.launchId) as Launch;
  const { gpu, gpuCount: count, vramGb: minVramGb, diskGb } = launch.quote;
  const found = await dialogs.progress(voice.t('Looking for a machine like {0}', nameOf(old)), true, (_, signal) => deps.search({ gpu, count, minVramGb, diskGb }, signal));
  const offer = nextOffer(found, launch);
  let rented = false;
  if (offer === undefined) {
    const answer = await dialogs.notify({ level: 'warning', text: voice.t('No machine like {0} can be rented now.', nameOf(old)), buttons: [{ id: 'offers', label: voice.t('Show offers') }] });
    if (answer !== undefined) await editor.showView('gpuRental.offers');
  } else {
    const flow = new RentFlow({
      ...deps,
      offers: () => found,
      rentals: { quote: (...asked) => rentals.quote(...asked), rent: (request, onStage, signal) => mover.rent(book.of(move.launchId) ?? move, request, onStage, signal) },
      onReady: () => void (rented = true),
    });
    await flow.rent(offer, wishFor(deps, launch, old, offer));
  }
  if (rented) return true;
  const left = book.of(move.launchId) ?? move;
  if (newMachine(left, journal.launches()) !== undefined) await dialogs.notify({ level: 'info', text: halfMovedText(old, freshOf(deps, left), voice), buttons: [] });
  else {
    if (!isOver(left)) mover.giveUp(left);
    if (left.step !== 'parting') await dialogs.notify({ level: 'warning', text: notMovedText(old, voice), buttons: [] });
  }
  return false;
}

/** False when the person turned away. */
async function restore(deps: MoveDeps, move: Move, old: FleetInstance): Promise<boolean> {
  const { dialogs, mover, voice } = deps;
  const credentials = await credentialsFor(deps, move.checkpoints);
  if (credentials === undefined) {
    await tellHalf(deps, move, old);
    return false;
  }
  const moved = await dialogs.progress(voice.t('Moving the work of {0}', nameOf(old)), true, (tell, signal) => mover.carryOn(move, {
    credentials, signal,
    onStage: (stage) => tell(moveStageWords(stage, voice)),
    onFiles: (progress) => tell(uploadText(progress, voice)),
    onData: (progress) => tell(copyProgress(progress, voice)),
    onLeftOut: (files) => deps.log.warn('not sent with the moved work', files),
  }));
  carryCopiesOn(deps, move, moved);
  return true;
}

async function credentialsFor(deps: MoveDeps, checkpoints: Checkpoints): Promise<Credentials | undefined> {
  if (checkpoints.kind !== 'bucket') return {};
  const kept = await deps.dataKeys.get(checkpoints.place);
  if (kept !== undefined) return kept;
  const given = await askCredentials(deps, checkpoints.place, 'pull');
  if (given?.keep === true) await deps.dataKeys.set(checkpoints.place, given.credentials);
  return given?.credentials;
}

/** Whoever had copies made of the work has them made of it where it goes on. */
function carryCopiesOn({ copies, journal, runs }: MoveDeps, { launchId }: Move, { to, run }: Move): void {
  const plan = copies.of(launchId);
  const fresh = to === undefined ? undefined : journal.launch(to);
  const folder = runs.of(to ?? '').find((record) => record.run.id === run)?.run.about.folder;
  if (plan === undefined || fresh?.instanceId === undefined || folder === undefined) return;
  const { triedAt: _, copiedAt: __, problem: ___, over: ____, ...rest } = plan;
  copies.set({ ...rest, launchId: fresh.id, instanceId: fresh.instanceId, run, remoteFolder: plan.folder === '' ? folder : `${folder}/${plan.folder}` });
}

async function offerEnd(deps: MoveDeps, move: Move, old: FleetInstance): Promise<void> {
  const { book, dialogs, flows, mover, voice } = deps;
  if (move.step !== 'going') book.step(move.launchId, 'going');
  const fresh = freshOf(deps, move);
  const answer = await dialogs.notify(goesOnNote(old, fresh === undefined ? voice.t('its new machine') : nameOf(fresh), voice));
  if (answer === undefined) return;
  mover.close(move);
  if (answer === 'destroy') await flows.destroy(old);
}

async function tellHalf(deps: MoveDeps, begun: Move, old: FleetInstance): Promise<void> {
  const { book, dialogs, voice } = deps;
  const move = book.of(begun.launchId) ?? begun;
  if (isOver(move)) return;
  const answer = await dialogs.notify({ level: 'warning', text: halfMovedText(old, freshOf(deps, move), voice), buttons: [{ id: 'go', label: voice.t('Go on') }] });
  if (answer === 'go') await goOn(deps, move, old);
}

function freshOf({ fleet, journal }: MoveDeps, move: Move): FleetInstance | undefined {
  const launch = newMachine(move, journal.launches());
  return launch && fleet.instances.find(({ id }) => id === launch.instanceId);
}
