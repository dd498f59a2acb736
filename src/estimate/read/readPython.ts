/** One Python file, or the cells of a notebook, with the command that starts it. */
import type { SourceFile, SyntaxNode } from '../../domain/source.ts';
import { readDetectron2 } from './families/detectron2.ts';
import { readFlags } from './families/flagFamilies.ts';
import { readHuggingFace } from './families/huggingFace.ts';
import { readLightning } from './families/lightning.ts';
import { readMmDetection } from './families/mmDetection.ts';
import { readNanoGpt } from './families/nanoGpt.ts';
import { readNnUnet } from './families/nnUnet.ts';
import { readPyTorch } from './families/pytorch.ts';
import { readUltralytics } from './families/ultralytics.ts';
import { readServing } from './serving/servingScript.ts';
import { baseName, fileNamed } from './files.ts';
import { modulePaths } from './imports/modules.ts';
import { interpret, type Program, type Surroundings } from './python/program.ts';
import { stringOf, type Value } from './python/value.ts';
import type { Reader } from './reader.ts';

export interface PythonFile {
  readonly file: SourceFile;
  readonly root: SyntaxNode;
  readonly lineOf?: (line: number) => number;
}

/** `world` is the number of processes where the command does not say it. */
export function readPython(reader: Reader, source: PythonFile, flags: ReadonlyMap<string, Value>, world: number): boolean {
  const settings = configScript(reader, source);
  const script = settings?.script ?? source;
  const program = interpret(script.root, surroundings(reader, script, flags, world, settings?.values));
  const name = script.file.path;
  const all = new Map([...program.declared, ...flags].filter(([key]) => key !== ' dataclasses'));
  return readNanoGpt(reader, program, program.calls.length === 0) || readUltralytics(reader, program) || readMmDetection(reader, program, source.file)
    || readDetectron2(reader, program) || readNnUnet(reader, program)
    || (program.declared.size > 3 && readFlags(reader, name, all, program))
    || readHuggingFace(reader, program) || readLightning(reader, program) || readPyTorch(reader, program)
    || (flags.size > 3 && program.loops.length === 0 && readFlags(reader, name, flags, undefined))
    // What trains and then tries the model out is training.
    || readServing(reader, program);
}

function surroundings(reader: Reader, { file, lineOf }: PythonFile, flags: ReadonlyMap<string, Value>, world: number, executed: ReadonlyMap<string, Value> | undefined): Surroundings {
  const { command } = reader;
  const gpus = reader.draft.get('gpus');
  const processes = gpus ?? world;
  const environment = new Map(command?.environment);
  if (processes > 1) for (const [key, value] of [['RANK', '0'], ['LOCAL_RANK', '0'], ['WORLD_SIZE', String(processes)]] as const) environment.set(key, value);
  return {
    file: file.path, commandLine: flags, environment, world: processes, executed: new Map([...executed ?? configOfCommand(reader), ...flags]),
    ...(lineOf === undefined ? {} : { lineOf }),
    moduleFile: (module, from) => {
      const paths = modulePaths(module, from, file.path);
      const found = paths.map((path) => reader.files.find((other) => other.path === path && other !== file)).find((other) => other !== undefined);
      const root = found && reader.parsers.python(found.text);
      return found && root && { path: found.path, root };
    },
    configFile: (path) => {
      const found = fileNamed(reader.files, path);
      const root = found && (/\.ya?ml$/.test(found.path) ? reader.parsers.yaml(found.text) : found.path.endsWith('.toml') ? reader.parsers.toml(found.text) : reader.parsers.json(found.text));
      return found && root && { path: found.path, root };
    },
  };
}

const assignments = (program: Program, source: 'script' | 'config'): Map<string, Value> =>
  new Map([...program.names].filter(([, { kind }]) => kind === 'scalar' || kind === 'list').map(([key, value]) => [key, { ...value, at: { ...value.at, source } }]));

/** A config of settings alone, when it is open: the script that takes it stands beside it, or is named in a comment. */
function configScript(reader: Reader, { file, root, lineOf }: PythonFile): { readonly script: PythonFile; readonly values: Map<string, Value> } | undefined {
  if (/^\s*(?:def|class|for|while|import torch)\b/m.test(file.text)) return undefined;
  const program = interpret(root, { file: file.path, ...(lineOf === undefined ? {} : { lineOf }) });
  if (program.loops.length > 0 || program.classes.length > 0 || program.calls.some(({ callee }) => callee !== 'dict' && !/time/.test(callee)) || program.names.size < 2) return undefined;
  const wanted = reader.command?.program ?? 'train.py';
  const script = reader.files.find((other) => other !== file && other.path.endsWith('.py') && baseName(other.path) === baseName(wanted) && /\bexec\(/.test(other.text));
  const tree = script && reader.parsers.python(script.text);
  return script && tree ? { script: { file: script, root: tree }, values: assignments(program, 'script') } : undefined;
}

/** `train.py config/train_gpt2.py`: the config file that the command names. */
function configOfCommand(reader: Reader): Map<string, Value> {
  for (const value of reader.command?.positional ?? []) {
    const path = stringOf(value);
    const file = path?.endsWith('.py') ? fileNamed(reader.files, path) : undefined;
    const root = file && reader.parsers.python(file.text);
    if (root && file) return assignments(interpret(root, { file: file.path }), 'script');
  }
  return new Map();
}
