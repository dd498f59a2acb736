/** Reads the config files of training frameworks: the first family that recognises one tells what it says. */
import type { ConfigNode, Parsers, SourceFile } from '../../../domain/source.ts';
import type { Gap } from '../../facts.ts';
import type { Draft } from '../draft.ts';
import { aiToolkit } from './aiToolkit.ts';
import { axolotl } from './axolotl.ts';
import { hubConfig } from './hubConfig.ts';
import { composed } from './hydra.ts';
import type { ConfigFamily } from './job.ts';
import { kohya } from './kohya.ts';
import { lightning } from './lightning.ts';
import { litgpt } from './litgpt.ts';
import { llamaFactory } from './llamaFactory.ts';
import { llmFoundry } from './llmFoundry.ts';
import { nnunet } from './nnunet.ts';
import { placed } from './node.ts';
import { ownLoop } from './ownLoop.ts';
import { withReferences } from './references.ts';
import { accelerate, deepspeed, fsdp } from './sharding.ts';
import { simpleTuner } from './simpleTuner.ts';
import { torchtune } from './torchtune.ts';
import { trainerOnly, trl } from './trl.ts';
import { ultralytics } from './ultralytics.ts';

/** From the most particular to the most general. */
const families: readonly ConfigFamily[] = [
  nnunet, aiToolkit, torchtune, llmFoundry, litgpt, axolotl, llamaFactory, trl, simpleTuner, kohya, deepspeed, accelerate, fsdp, hubConfig, lightning,
  ultralytics, trainerOnly, ownLoop,
];

/**
 * False when no family knows the file, which then told nothing. `root` is what its parser made of it; `files` are those
 * that it may name; what is missing or goes in circles is added to `gaps`.
 */
export function readConfig(file: SourceFile, root: ConfigNode, files: readonly SourceFile[], draft: Draft, parsers: Parsers, gaps: Gap[] = []): boolean {
  const bare = { file, files, draft, parsers, gaps, root: placed(root, file.path) };
  const whole = withReferences(composed(bare), gaps);
  const job = { ...bare, root: whole };
  const family = families.find((each) => each.recognises(job));
  family?.read(job);
  return family !== undefined;
}
