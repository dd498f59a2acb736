/** Moves work away from a machine that was taken away: from where it goes on, on which machine, and what becomes of the old. */
import { bidIn } from '../../domain/bid.ts';
import { leaseWarningMs } from '../../domain/budget.ts';
import type { Credentials } from '../../domain/dataStore.ts';
import { isAbort, isRentError } from '../../domain/errors.ts';
import { nextBest, type OfferFilter } from '../../domain/filter.ts';
import type { Launch } from '../../domain/launch.ts';
import { subtractUsd, usd, type UsdPerHour } from '../../domain/money.ts';
import { isOver, newMachine, type Checkpoints, type Move } from '../../domain/move.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import { isLive, type RunRecord } from '../../domain/run.ts';
import type { Journal } from '../../domain/store.ts';
import type { Copies } from '../../services/copies.ts';
import { launchName, type FleetInstance } from '../../services/fleetInstance.ts';
import type { MoveBook } from '../../services/moveBook.ts';
import type { Mover } from '../../services/mover.ts';
import { newRunId, type Runs } from '../../services/runs.ts';
import type { CommandHandlers } from '../commandIds.ts';
import type { DataKeys } from '../data/dataKeys.ts';
import { askCredentials } from '../data/dataQuestions.ts';
import { copyProgress } from '../data/dataWords.ts';
import type { Routes } from '../data/routes.ts';
import { goBack } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { reportError } from '../report.ts';
import type { RentDeps } from '../rent/rentDeps.ts';
import { RentFlow } from '../rent/rentFlow.ts';
import { startFor } from '../rent/starts.ts';
import type { Wish } from '../rent/terms.ts';
import { uploadText } from '../runs/runFlow.ts';
import { chooseInstance, type ChooseDeps } from './chooseInstance.ts';
import type { InstanceFlows } from './instanceFlows.ts';
import { nameOf } from './instanceRow.ts';
import { checkpointsWords, goesOnNote, halfMovedText, moveConsent, moveStageWords, notMovedText } from './moveWords.ts';

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

/** What went on when the machine was taken away: it may still be thought to, or to have failed of it. */
const unfinishedWork = (records: readonly RunRecord[]): RunRecord | undefined =>
  records.find(({ run }) => isLive(run) || run.state === 'lost') ?? records.find(({ run }) => run.exitCode !== 0);

async function chooseCheckpoints(deps: MoveDeps, instance: FleetInstance, launch: Launch, record: RunRecord): Promise<Checkpoints | undefined> {
  const { dialogs, now, setApart, voice } = deps;
  const { t } = voice;
  const found = await checkpointsOf(deps, launch, record);
  const chosen = await dialogs.pick({
    title: t('Move the work of {0}', nameOf(instance)),
    placeholder: t('From where does it go on? The disk of a stopped machine cannot be read'),
    choices: found.map((value, index) => ({ ...checkpointsWords(value, now(), voice), value, current: index === 0 })),
  });
  if (chosen === undefined || chosen === goBack || chosen.kind !== 'here' || chosen.at !== undefined) return chosen === goBack ? undefined : chosen;
  return { ...chosen, localFolder: await setApart(chosen.localFolder, launch.id, record.run.id) };
}

/** The surest first: what was copied on purpose, what was downloaded, what was sent to a bucket, and nothing. */
async function checkpointsOf({ copies, exists, routes }: MoveDeps, { id }: Launch, { run, from }: RunRecord): Promise<Checkpoints[]> {
  const plan = copies.of(id, run.id);
  const found: Checkpoints[] = [];
  if (plan?.copiedAt !== undefined) {
    found.push(plan.to.kind === 'here'
      ? { kind: 'here', localFolder: plan.to.localFolder, folder: plan.folder, at: plan.copiedAt }
      : { kind: 'bucket', place: plan.to.place, folder: plan.folder, at: plan.copiedAt });
  }
  const results = from === undefined ? undefined : `${from}/gpu-results/${run.id}`;
  if (results !== undefined && (await exists(results))) found.push({ kind: 'here', localFolder: results, folder: '' });
  const below = `${run.about.folder}/`;
  for (const { direction, place, folder } of routes.all) {
    if (direction === 'push' && place.store.kind !== 'hub' && `${folder}/`.startsWith(below)) found.push({ kind: 'bucket', place, folder: folder.slice(below.length) });
  }
  return [...found, { kind: 'none' }];
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

/** Like it and no dearer; else the cheapest like it, of either kind: a person agrees to the price in any case. */
export function nextOffer(offers: readonly Offer[], { offerId, provider, quote }: Launch): Offer | undefined {
  const { gpu, gpuCount, vramGb, kind, tier, place, diskGb, rates } = quote;
  const like: Offer = { id: offerId, provider, gpu, gpuCount, vramGb, kind, tier, place, diskGb, price: { gpu: bidIn(rates), disk: rates.stopped, stoppedDisk: rates.stopped }, readAt: 0, details: {} };
  const none = new Set<string>();
  const within = nextBest(offers, like, allIn(like), none);
  if (within !== undefined) return within;
  const any = (['interruptible', 'on-demand'] as const).flatMap((each) => nextBest(offers, { ...like, kind: each }, Infinity as UsdPerHour, none) ?? []);
  return any.toSorted((a, b) => allIn(a) - allIn(b))[0];
}

/** What is left of what was agreed to, so that moving spends no more than staying. */
function wishFor(deps: MoveDeps, launch: Launch, { spent }: FleetInstance, offer: Offer): Wish {
  const { settings, starts } = deps;
  const { limits, diskGb, image } = launch.quote;
  const at = deps.now();
  const left = subtractUsd(limits.budget, spent);
  const same = offer.provider === launch.provider && startFor({ ...deps, starts }, offer, {}).image !== image;
  return {
    budget: left > usd(0.1) ? left : settings.limits.budget,
    leaseHours: limits.leaseEndsAt - at > leaseWarningMs ? (limits.leaseEndsAt - at) / 3_600_000 : settings.limits.leaseHours,
    diskGb,
    ...(limits.idleMs === undefined ? {} : { idleMinutes: limits.idleMs / 60_000 }),
    ...(limits.atLimit === undefined ? {} : { atLimit: limits.atLimit }),
    ...(same ? { start: { provider: launch.provider, what: { image, ports: [] } } } : {}),
  };
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
