/** What has to be known of a job to choose an offer for it: asked step by step, with a way back, each with what is likely. */
import { groupOffers } from '../../domain/filter.ts';
import type { Job, JobUse } from '../../domain/job.ts';
import { formatRate } from '../../domain/money.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import type { JobOn } from '../../estimate/advice/advise.ts';
import type { Said } from '../../estimate/advice/estimatedJob.ts';
import { goBack, type Choice, type Dialogs } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { amountIn } from '../input.ts';
import type { Voice } from '../voice.ts';
import { gb, gpus, line, offersCount } from '../words.ts';
import { hoursWords } from './adviceWords.ts';

/** A script that was estimated: it knows its hours and its data. */
export interface Estimated {
  readonly name: string;
  /** On how many offers it fits. */
  readonly fits: number;
  readonly jobs: (said: Said) => JobOn;
}

export interface QuestionDeps {
  readonly dialogs: Dialogs;
  readonly voice: Voice;
  readonly offers: () => readonly Offer[];
  readonly estimated: () => Estimated | undefined;
  readonly sensitive: () => boolean;
}

type On = NonNullable<Job['on']>;

interface Draft {
  readonly machine?: Estimated | On | 'any';
  readonly hours?: number;
  readonly use?: JobUse;
  /** 0: nothing is saved. */
  readonly checkpointHours?: number;
  readonly dataGb?: number;
}

type Answer = Draft | 'skip' | typeof goBack | undefined;
type Step = (deps: QuestionDeps, draft: Draft) => Promise<Answer>;

/** The job on every offer, as the person described it; undefined when they turned away. `last` is offered first. */
export async function askJob(deps: QuestionDeps, last: Job | undefined): Promise<JobOn | undefined> {
  let draft: Draft = last === undefined ? {} : { machine: last.on ?? 'any', hours: last.hours, use: last.use, checkpointHours: last.checkpointHours ?? 0, dataGb: last.dataGb };
  let way = 1;
  for (let at = 0; at < steps.length; at += way) {
    const answer = await steps[at]?.(deps, draft);
    if (answer === undefined || (answer === goBack && at === 0)) return undefined;
    if (answer === 'skip') continue;
    way = answer === goBack ? -1 : 1;
    if (answer !== goBack) draft = { ...draft, ...answer };
  }
  return jobOn(draft, deps.sensitive());
}

function jobOn({ machine = 'any', hours = 1, use = 'batch', checkpointHours = 0, dataGb = 0 }: Draft, sensitive: boolean): JobOn {
  if (isEstimated(machine)) return machine.jobs({ use, sensitive });
  const saves = checkpointHours > 0 && use !== 'production';
  const job: Job = { hours, use, dataGb, sensitive, ...(saves ? { checkpointHours } : {}), ...(machine === 'any' ? {} : { on: machine }) };
  return () => job;
}

const isEstimated = (machine: Draft['machine']): machine is Estimated => typeof machine === 'object' && 'jobs' in machine;

const title = ({ t }: Voice): string => t('Which offer for my job?');
/** More lines than this are not read by anybody. */
const mostMachines = 60;

async function askMachine({ dialogs, voice, offers, estimated }: QuestionDeps, { machine }: Draft): Promise<Answer> {
  const { t } = voice;
  const script = estimated();
  const choices: Choice<NonNullable<Draft['machine']>>[] = [
    ...(script === undefined || script.fits === 0 ? [] : [{ label: t('As {0} was estimated', plain(script.name, 60)), description: t('each machine with its own time'), value: script, current: true }]),
    ...machinesOf(offers(), voice).map((choice) => ({ ...choice, current: script === undefined && isSame(choice.value, machine) })).toSorted((a, b) => Number(b.current) - Number(a.current)),
    { label: t('Any of them'), description: t('it takes as long on each'), value: 'any' as const },
  ];
  const chosen = await dialogs.pick({ title: title(voice), placeholder: t('What should it run on?'), choices });
  return chosen === undefined || chosen === goBack ? chosen : { machine: chosen };
}

const isSame = (one: On, machine: Draft['machine']): boolean => typeof machine === 'object' && 'gpu' in machine && machine.gpu === one.gpu && machine.gpuCount === one.gpuCount;

/** `1× RTX 4090`, `from $0.31/h · 142 offers`: the cheapest model first, and of each the smallest machine. */
const machinesOf = (offers: readonly Offer[], { t }: Voice): Choice<On>[] =>
  groupOffers(offers, 'price').flatMap(({ gpu, vramGb, offers: all }) =>
    [...Map.groupBy(all, ({ gpuCount }) => gpuCount)].toSorted(([a], [b]) => a - b).map(([gpuCount, alike]) => ({
      label: `${gpus(gpuCount, plain(gpu))} · ${gb(vramGb)}`,
      description: line(alike[0] && t('from {0}', formatRate(allIn(alike[0]))), offersCount(alike.length, t)),
      value: { gpu, gpuCount },
    }))).slice(0, mostMachines);

const askHours: Step = async ({ dialogs, voice }, { machine, hours }) => {
  const { t } = voice;
  if (isEstimated(machine)) return 'skip';
  const asked = await askNumber(dialogs, voice, {
    placeholder: t('How long does it take there, when nothing interrupts it?'), prompt: t('Hours of work'), usual: [1, 2, 4, 8, 12, 24, 72], last: hours, words: (value) => hoursWords(value, t), least: 0.05, most: 10_000,
  });
  return typeof asked === 'number' ? { hours: asked } : asked;
};

const askUse: Step = async ({ dialogs, voice }, { use }) => {
  const { t } = voice;
  const chosen = await dialogs.pick<JobUse>({
    title: title(voice), placeholder: t('What is it for?'), withBack: true,
    choices: [
      { label: t('A batch'), description: t('it runs to its end, and nobody waits beside it'), value: 'batch', current: use === 'batch' },
      { label: t('Trying out'), description: t('an interruption costs little'), value: 'exploration', current: use === 'exploration' },
      { label: t('Production'), description: t('others rely on it'), value: 'production', current: use === 'production' },
    ],
  });
  return chosen === undefined || chosen === goBack ? chosen : { use: chosen };
};

const askCheckpoints: Step = async ({ dialogs, voice }, { machine, use, checkpointHours }) => {
  const { t } = voice;
  if (isEstimated(machine) || use === 'production') return 'skip';
  const asked = await askNumber(dialogs, voice, {
    placeholder: t('How often does it save what it can go on from?'), prompt: t('Hours between two checkpoints; 0 for none'), usual: [0, 0.25, 0.5, 1, 3], last: checkpointHours,
    words: (value) => (value === 0 ? t('Never: an interruption loses all') : t('Every {0}', hoursWords(value, t))), least: 0, most: 1000,
  });
  return typeof asked === 'number' ? { checkpointHours: asked } : asked;
};

const askData: Step = async ({ dialogs, voice }, { machine, dataGb }) => {
  const { t } = voice;
  if (isEstimated(machine)) return 'skip';
  const asked = await askNumber(dialogs, voice, {
    placeholder: t('How much has to be moved there before it can begin?'), prompt: t('Model and data in GB'), usual: [0, 5, 20, 100, 500], last: dataGb,
    words: (value) => (value === 0 ? t('Next to nothing') : gb(value)), least: 0, most: 1_000_000,
  });
  return typeof asked === 'number' ? { dataGb: asked } : asked;
};

const steps: readonly Step[] = [askMachine, askHours, askUse, askCheckpoints, askData];

interface NumberAsked {
  readonly placeholder: string;
  readonly prompt: string;
  readonly usual: readonly number[];
  readonly last: number | undefined;
  readonly words: (value: number) => string;
  readonly least: number;
  readonly most: number;
}

/** A usual value, the last one, or one that is typed; turning away from typing goes back to the list. */
async function askNumber(dialogs: Dialogs, voice: Voice, { placeholder, prompt, usual, last, words, least, most }: NumberAsked): Promise<number | typeof goBack | undefined> {
  const values = [...new Set([...(last === undefined ? [] : [last]), ...usual])];
  for (;;) {
    const chosen = await dialogs.pick<number | 'type'>({
      title: title(voice), placeholder, withBack: true,
      choices: [...values.map((value) => ({ label: words(value), value, current: value === last })), { label: voice.t('Another…'), value: 'type' as const }],
    });
    if (chosen !== 'type') return chosen;
    const typed = await amountIn(dialogs, { title: title(voice), prompt, least, most, ...(last === undefined ? {} : { value: last }) }, voice);
    if (typed !== undefined) return typed;
  }
}
