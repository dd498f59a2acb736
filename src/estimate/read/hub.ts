/** What the Hub says of names that a script gives and no table knows. */
import type { Hub, HubSplit } from '../../domain/hub.ts';
import type { Parsers } from '../../domain/source.ts';
import { modelFromConfig } from '../catalogue/modelConfig.ts';
import type { Fact, Reading } from '../facts.ts';
import type { Model } from '../workload.ts';

export interface HubFacts {
  readonly models: ReadonlyMap<string, Model>;
  readonly splits: ReadonlyMap<string, readonly HubSplit[]>;
}

export interface HubNames {
  readonly model?: string;
  readonly dataset?: string;
}

const onTheHub = /^[A-Za-z\d][\w.-]*\/[A-Za-z\d][\w.-]*$/;
const file = /\.(?:safetensors|ckpt|pth?|bin|gguf|jsonl?|csv|parquet|ya?ml|txt|py)$/i;
const isName = (name: string | undefined): name is string => name !== undefined && onTheHub.test(name) && !file.test(name) && !name.includes('..');

/** The names that it is worth to ask for: a model that no table knows, a data set whose rows nobody has said. */
export function hubNames({ workload, gaps }: Reading): HubNames {
  const model = workload.model === undefined ? gaps.find(({ code, detail }) => code === 'unknownModel' && isName(detail))?.detail : undefined;
  const dataset = workload.work !== 'inference' && workload.samples === undefined && isName(workload.dataset) ? workload.dataset : undefined;
  return { ...(model === undefined ? {} : { model }), ...(dataset === undefined ? {} : { dataset }) };
}

/** Asks for these names, and for nothing else. What the Hub does not know, or says in a way that nobody can read, is not in it. */
export async function lookUp(hub: Hub, { model, dataset }: HubNames, json: Parsers['json'], signal?: AbortSignal): Promise<HubFacts> {
  const [config, rows] = await Promise.all([model === undefined ? undefined : hub.config(model, signal), dataset === undefined ? undefined : hub.splits(dataset, signal)]);
  const root = config === undefined ? undefined : json(config);
  const found = root && modelFromConfig(root);
  return {
    models: new Map(model === undefined || found === undefined ? [] : [[model, found]]),
    splits: new Map(dataset === undefined || rows === undefined ? [] : [[dataset, rows]]),
  };
}

/** Takes the place of gaps and questions; what the script states itself stands. */
export const withHub = (reading: Reading, facts: HubFacts): Reading => withDataset(withModel(reading, facts), facts);

function withModel(reading: Reading, { models }: HubFacts): Reading {
  const { model: name } = hubNames(reading);
  const model = name === undefined ? undefined : models.get(name);
  const gap = reading.gaps.find(({ code, detail }) => code === 'unknownModel' && detail === name);
  if (name === undefined || model === undefined || gap === undefined) return reading;
  const { file: path, line } = gap;
  const fact: Fact = { name: 'model', value: name, source: 'hub', certainty: 'stated', note: 'config.json', ...(path === undefined ? {} : { file: path, ...(line === undefined ? {} : { line }) }) };
  const task = reading.workload.task === 'other' ? 'language' : reading.workload.task;
  return {
    ...reading, workload: { ...reading.workload, task, model: { ...model, name } }, facts: [...reading.facts, fact],
    gaps: reading.gaps.filter((one) => one !== gap), questions: reading.questions.filter((question) => question.name !== 'model'),
  };
}

/** Which part of several a script takes is known to the reader alone: only a data set of one part is taken, and of that its training rows. */
function withDataset(reading: Reading, { splits }: HubFacts): Reading {
  const { dataset } = hubNames(reading);
  const all = dataset === undefined ? [] : splits.get(dataset) ?? [];
  const training = all.filter(({ split }) => split === 'train');
  const [train] = training;
  if (train === undefined || training.length > 1 || train.rows < 1) return reading;
  const fact: Fact = { name: 'samples', value: train.rows, source: 'hub', certainty: 'assumed', note: `${train.config}, ${train.split}` };
  return {
    ...reading, workload: { ...reading.workload, samples: train.rows }, facts: [...reading.facts, fact],
    questions: reading.questions.filter((question) => question.name !== 'samples'),
  };
}
