/** Published models by name, from tables that ship with the extension. */
import { decoders } from './modelDecoders.ts';
import { detectionModels } from './modelDetection.ts';
import { diffusionModels } from './modelDiffusion.ts';
import { encoders } from './modelEncoders.ts';
import type { ModelEntry } from './modelEntry.ts';
import { expertModels } from './modelExperts.ts';
import { modelKeys, tableKey } from './modelNames.ts';
import { plainDecoders } from './modelPlain.ts';
import { speechModels } from './modelSpeech.ts';
import { visionModels } from './modelVision.ts';
import { visionLanguageModels } from './modelVisionLanguage.ts';
import type { Model, Task } from '../workload.ts';

const tables: readonly (readonly [Task, readonly ModelEntry[]])[] = [
  ['language', decoders], ['language', plainDecoders], ['language', expertModels], ['encoder', encoders],
  ['vision-language', visionLanguageModels], ['speech', speechModels], ['diffusion', diffusionModels],
  ['detection', detectionModels], ['vision', visionModels],
];

export const modelEntries: readonly ModelEntry[] = tables.flatMap(([, entries]) => entries);

interface Known {
  readonly model: Model;
  readonly task: Task;
}

const byKey: ReadonlyMap<string, Known> = new Map(
  tables.flatMap(([task, entries]) => entries.flatMap(({ model, names }) => names.map((name) => [tableKey(name), { model, task }] as const))),
);

const find = (name: string): Known | undefined => {
  const key = modelKeys(name).find((each) => byKey.has(each));
  return key === undefined ? undefined : byKey.get(key);
};

export const findModel = (name: string): Model | undefined => find(name)?.model;

/** One name for a model under all of its writings; what the tables do not know keeps its own. */
export const commonName = (name: string): string => find(name)?.model.name ?? name;

const onTheHub = /^[\w.-]+\/[\w.-]+$/;

/** The model under the name that a script gives it, where that is a published one: a fine-tuned model is not its base. */
export function modelNamed(name: string): Model | undefined {
  const model = findModel(name);
  return model !== undefined && onTheHub.test(name) && !/^\.|\.(?:safetensors|ckpt|pth?|bin|gguf)$/.test(name) ? { ...model, name } : model;
}

/** What a published model is usually trained for. */
export const taskOfModel = (name: string): Task | undefined => find(name)?.task;
