import { findGpu } from '../catalogue/gpus.ts';
import { completeModel } from '../evidenceTable.ts';
import type { Run } from '../run.ts';
import type { Model, Stack, Workload } from '../workload.ts';
import { beyondPeak } from './beyondPeak.ts';
import { parseCsv } from './csv.ts';
import { baseWeightsOf, documentOf, firstNumber, methodOf, optimizerOf, parallelismOf, precisionOf, sourceOf, stackOf, taskOf, wholeNumber } from './text.ts';
import { type Lengths, lengthsOf } from './tokens.ts';
import { secondsPerSample } from './units.ts';

/** Why a row cannot be scored. Rules look at what a row says, never at which row it is. */
export type LeftOut = 'noGpu' | 'unknownGpu' | 'noGpuCount' | 'noThroughput' | 'unreadableNumber' | 'unitWithoutWork' | 'noModel' | 'noLength' | 'calledSuspect' | 'beyondPeak';

export interface Rows {
  readonly count: number;
  readonly runs: readonly Run[];
  /** A run whose time says nothing may still say something about memory: it is among both. */
  readonly leftOut: readonly { readonly id: string; readonly rule: LeftOut }[];
}

type Row = Readonly<Record<string, string>>;

/** Published runs as a table: the columns of the reference file, in any order, with any of them missing. */
export function readRows(csv: string): Rows {
  const rows = parseCsv(csv);
  const runs: Run[] = [];
  const leftOut: { id: string; rule: LeftOut }[] = [];
  const read = rows.map((row, index) => {
    const id = row['id'] || `row ${index + 2}`;
    return { id, ...readRow(row, id) };
  });
  const disproved = new Set(read.flatMap(({ run, rule }) => rule === 'beyondPeak' && run !== undefined ? [samplesOf(run)] : []));
  for (const { id, run, rule } of read) {
    const why = rule ?? (run !== undefined && disproved.has(samplesOf(run)) ? 'beyondPeak' : undefined);
    if (why !== undefined) leftOut.push({ id, rule: why });
    if (run !== undefined && why === undefined) runs.push(run);
    else if (run?.peakGb !== undefined) runs.push(untimed(run));
  }
  return { count: rows.length, runs, leftOut };
}

const untimed = ({ secondsPerSample: _seconds, ...run }: Run): Run => run;

/** What a table states of its samples: disproved in one row it is disproved in all that state the same. */
const samplesOf = ({ source, document, workload: { model, microBatch, resolution, frames, seqLen, tokensPerSample } }: Run): string =>
  [document ?? source, model?.name, microBatch, resolution, frames, seqLen, tokensPerSample].join('|');

const number = (row: Row, name: string): number | undefined => wholeNumber(row[name]);

/** Where there is a rule, the run's time says nothing. */
function readRow(row: Row, id: string): { run?: Run; rule?: LeftOut } {
  const text = (name: string): string => row[name] ?? '';
  if (text('gpu') === '') return { rule: 'noGpu' };
  const gpu = findGpu(text('gpu'));
  if (gpu === undefined) return { rule: 'unknownGpu' };
  if (text('model') === '') return { rule: 'noModel' };
  const peakGb = number(row, 'peak_mem_gb');
  const gpus = number(row, 'gpu_count');
  if (gpus === undefined) return { rule: 'noGpuCount' };
  const workload = workloadOf(row, gpus);
  const run = (seconds?: number): Run => ({
    id, source: sourceOf(text('source')), document: documentOf(text('source')), category: categoryOf(row), workload,
    phase: phaseOf(text('task'), text('method'), text('category')),
    gpu: gpu.name, vramGb: gpu.vramGb, gpuCount: gpus,
    ...(seconds === undefined ? {} : { secondsPerSample: seconds }),
    ...(peakGb === undefined ? {} : { peakGb }),
  });
  const throughput = number(row, 'measured_throughput');
  if (throughput === undefined) return { run: run(), rule: text('measured_throughput') === '' ? 'noThroughput' : 'unreadableNumber' };
  const inference = run().phase === 'decode' || run().phase === 'prefill';
  const seconds = secondsPerSample(throughput, text('throughput_unit'), {
    gpus, globalBatch: workload.globalBatch, microBatch: workload.microBatch, total: text('tokens_or_samples_total'),
    tokensPerSample: inference ? 1 : workload.tokensPerSample ?? workload.seqLen,
  });
  const rule = seconds === undefined ? 'unitWithoutWork'
    : /\bsuspect\b/i.test(text('notes')) ? 'calledSuspect'
    : workload.task === 'language' && workload.tokensPerSample === undefined && workload.seqLen === undefined && !inference ? 'noLength'
    : beyondPeak(run(seconds), gpu) ? 'beyondPeak'
    : undefined;
  return { run: run(seconds), ...(rule === undefined ? {} : { rule }) };
}

const phaseOf = (task: string, method: string, category: string): Run['phase'] =>
  !/inference/i.test(`${method} ${category}`) ? 'training' : /prefill|prompt/i.test(task) ? 'prefill' : /classif|image/i.test(task) ? 'images' : 'decode';

/** Notebooks are scored apart: what they print rests on a few dozen steps and an unknown mean length. */
function categoryOf(row: Row): string {
  const category = row['category'] || 'uncategorised';
  return /notebook/i.test(row['task'] ?? '') && category === 'llm_finetune' ? 'notebooks' : category;
}

function modelOf(row: Row): Model {
  const params = number(row, 'params_million');
  const active = number(row, 'active_params_million');
  const said = `${row['model'] ?? ''} ${row['notes'] ?? ''}`;
  const shape = /\bh(\d+)[ ,]+L(\d+)\b/.exec(said);
  const gmacs = firstNumber(/GMACs ([\d.]+)/i.exec(said)?.[1]);
  const mActs = firstNumber(/MActs ([\d.]+)/i.exec(said)?.[1]);
  return completeModel({
    name: row['model'] ?? '', paramsM: params ?? 0,
    ...(active === undefined ? {} : { activeParamsM: active }),
    ...(shape ? { hidden: Number(shape[1]), layers: Number(shape[2]) } : {}),
    ...(gmacs === undefined ? {} : { gmacs }),
    ...(mActs === undefined ? {} : { mActs }),
  });
}

/** A speed in tokens counts those that were worked on, however long the samples are: any length is as good as theirs. */
const workedLengths = (lengths: Lengths, unit: string): Lengths =>
  /^tokens/i.test(unit) && lengths.tokensPerSample === undefined && lengths.seqLen !== undefined ? { ...lengths, tokensPerSample: lengths.seqLen } : lengths;

/** Stacks whose example scripts recompute activations unless told otherwise. */
const recomputesByDefault = new Set<Stack>(['megatron', 'unsloth']);

function workloadOf(row: Row, gpus: number): Workload {
  const text = (name: string): string => row[name] ?? '';
  const notes = text('notes');
  const task = taskOf(text('category'), text('task'), text('model'));
  const stack = stackOf(`${text('method')}; ${notes}`, text('source'));
  const size = text('seq_len_or_resolution');
  const words = task === 'language' || task === 'encoder';
  const pixels = /(\d+)x(\d+)(?:x(\d+)f)?/.exec(size);
  const resolution = words ? undefined : pixels ? Math.round(Math.sqrt(Number(pixels[1]) * Number(pixels[2]))) : firstNumber(size);
  const globalBatch = number(row, 'global_batch');
  const { parallelism, tensor, pipeline } = parallelismOf(/\bDDP mode\b/.test(notes) ? 'DDP' : text('parallelism'), gpus);
  const replicas = Math.max(1, gpus / (tensor * pipeline));
  // Only who trains language models accumulates as a matter of course.
  const microBatch = number(row, 'micro_batch') ?? (words || globalBatch === undefined ? undefined : Math.max(1, Math.round(globalBatch / replicas)));
  // Layers that are merely placed on several cards work one after the other: one micro-batch is under way.
  const naive = pipeline > 1 && /device_map|\bMP\b/i.test(text('parallelism'));
  // One network is planned for each data set, and the task is all that tells them apart.
  const dataset = task === 'medical' ? text('task') : /dataset (?!tokens)([\w./-]+)/i.exec(notes)?.[1] ?? /^(?:sft|lora|squad|lm) (.+)$/i.exec(text('task'))?.[1];
  const method = methodOf(text('method'), text('precision'));
  const rank = firstNumber(/\br(\d+)/i.exec(text('method'))?.[1]);
  const weights = baseWeightsOf(text('precision'));
  return {
    task, stack,
    model: modelOf(row),
    ...(dataset === undefined ? {} : { dataset }),
    method,
    ...(rank === undefined ? {} : { loraRank: rank }),
    precision: precisionOf(text('precision')),
    ...(weights === undefined ? {} : { baseWeights: weights }),
    optimizer: optimizerOf(notes, task),
    parallelism,
    ...(tensor > 1 ? { tensorParallel: tensor } : {}),
    ...(pipeline > 1 ? { pipelineParallel: pipeline } : {}),
    ...(microBatch === undefined ? {} : { microBatch }),
    ...(globalBatch === undefined ? {} : { globalBatch }),
    ...(naive ? { accumulation: 1 }
      : microBatch === undefined || globalBatch === undefined ? {} : { accumulation: Math.max(1, Math.round(globalBatch / microBatch / replicas)) }),
    ...(words ? workedLengths(lengthsOf(size, notes, dataset), text('throughput_unit')) : resolution === undefined ? {} : { resolution }),
    ...(pixels?.[3] === undefined ? {} : { frames: Number(pixels[3]) }),
    packing: /packing true|packed/i.test(notes) || text('task').startsWith('pretrain'),
    // PEFT turns it on for what it prepares in four bits.
    checkpointing: text('grad_checkpointing') === '' ? recomputesByDefault.has(stack) || (stack === 'hf' && method === 'qlora') : /^(?:true|yes|full|1)$/i.test(text('grad_checkpointing')),
    ...(/\bcpu\b[^;,]*offload/i.test(notes) ? { cpuOffload: true } : {}),
    compile: /compile/i.test(notes) && !/no compile|compile off|without compile/i.test(notes),
    flashAttention: !/no flash|flash-attn off|eager attention|math attention/i.test(notes),
  };
}
