/** What a launcher says about the whole job: processes, precision, sharding. */
import { fileNamed } from '../files.ts';
import { fromConfig } from '../python/program.ts';
import { numberOf, scalar, scalarOf, stringOf, type Value } from '../python/value.ts';
import { put, putNumber, putPrecision, type Reader } from '../reader.ts';
import { isTrue } from '../table.ts';
import type { Command } from './command.ts';

/** Processes over all machines; undefined where the command leaves it to the machine. */
export function processesOf({ launcher, launch }: Command): Value | undefined {
  const nodes = numberOf(launch.get('nnodes') ?? launch.get('num_nodes')) ?? 1;
  const each = launch.get('nproc_per_node') ?? (launcher === 'deepspeed' ? launch.get('num_gpus') : undefined) ?? (launcher === 'composer' ? launch.get('n') : undefined);
  if (each) return times(each, nodes);
  if (launcher === 'accelerate' && launch.has('num_processes')) return launch.get('num_processes');
  const include = stringOf(launch.get('include'));
  const at = launch.get('include')?.at;
  if (launcher === 'deepspeed' && include !== undefined && at && /^[\w.-]+:[\d,]+$/.test(include)) {
    return scalar(include.split(':')[1]?.split(',').length ?? 1, { ...at, certainty: 'derived' });
  }
  return undefined;
}

const times = (value: Value, factor: number): Value => {
  const count = numberOf(value);
  return count === undefined || factor === 1 ? value : scalar(count * factor, { ...value.at, certainty: 'derived', note: `${factor} × ${count}` });
};

export function readLaunch(reader: Reader, command: Command): void {
  putNumber(reader, 'gpus', processesOf(command));
  const { launch, launcher } = command;
  if (launcher !== 'accelerate') return;
  putPrecision(reader, launch.get('mixed_precision'));
  putNumber(reader, 'accumulation', launch.get('gradient_accumulation_steps'));
  const fsdp = launch.get('use_fsdp');
  if (fsdp && isTrue(fsdp)) put(reader, 'parallelism', 'fsdp', fsdp.at);
  const stage = numberOf(launch.get('zero_stage'));
  if (stage === 1 || stage === 2 || stage === 3) put(reader, 'parallelism', `zero${stage}`, launch.get('zero_stage')?.at ?? { source: 'command', certainty: 'stated', file: command.file, line: command.line });
  const config = stringOf(launch.get('config_file'));
  if (config !== undefined) readAccelerateConfig(reader, config, launch.get('config_file'));
}

function readAccelerateConfig(reader: Reader, path: string, named: Value | undefined): void {
  const file = fileNamed(reader.files, path);
  const root = file && reader.parsers.yaml(file.text);
  if (file === undefined || root === undefined) {
    if (named) reader.gaps.push({ code: 'missingFile', file: named.at.file, line: named.at.line, detail: path.slice(0, 200) });
    return;
  }
  const config = fromConfig(root, file.path);
  const entry = (key: string): Value | undefined => (config.kind === 'dict' ? config.entries.get(key) : undefined);
  putNumber(reader, 'gpus', entry('num_processes'));
  putPrecision(reader, entry('mixed_precision'));
  const type = entry('distributed_type');
  const deepspeed = entry('deepspeed_config');
  const stage = deepspeed?.kind === 'dict' ? deepspeed.entries.get('zero_stage') : undefined;
  const level = scalarOf(stage);
  if (type && stringOf(type) === 'FSDP') put(reader, 'parallelism', 'fsdp', type.at);
  else if (stage && (level === 1 || level === 2 || level === 3)) put(reader, 'parallelism', `zero${level}`, stage.at);
  else if (type && stringOf(type) === 'MULTI_GPU') put(reader, 'parallelism', 'ddp', type.at);
}
