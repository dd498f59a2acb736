/**
 * Reads what a script would do, without running any of it. The first file is the one that is open; configurations,
 * READMEs and shell files that stand beside it fill in what it leaves to them.
 */
import type { ConfigNode, Parsers, SourceFile, SyntaxNode } from '../../domain/source.ts';
import type { Fact, FactName, Gap, Reading } from '../facts.ts';
import type { Workload } from '../workload.ts';
import { readConfig } from './config/readConfig.ts';
import { Draft } from './draft.ts';
import { readFlags } from './families/flagFamilies.ts';
import { readNnUnetCommand } from './families/nnUnet.ts';
import { readYoloCommand } from './families/ultralytics.ts';
import { baseName, fileNamed } from './files.ts';
import { chooseCommand } from './launch/chooseCommand.ts';
import type { Command } from './launch/command.ts';
import { typedArguments } from './launch/findCommands.ts';
import { readLaunch } from './launch/launchFacts.ts';
import { notebookCells } from './notebook.ts';
import { stringOf, type Value } from './python/value.ts';
import { overrideKeys } from './families/overrideKeys.ts';
import { questionsOf } from './questions.ts';
import { readServingCommand } from './serving/servingCommand.ts';
import type { Reader } from './reader.ts';
import { applyTable } from './table.ts';
import { type PythonFile, readPython } from './readPython.ts';
import { reconcile } from './worlds.ts';

/** Longer text was not written by hand, and would take seconds. A notebook may be large for its pictures. */
const largest = 400_000;
const largestNotebook = 30_000_000;

export interface ReadOptions {
  /** As a person would type them behind the script's name. */
  readonly args?: string;
  readonly overrides?: Partial<Workload>;
}

export function readWorkload(files: readonly SourceFile[], parsers: Parsers, options: ReadOptions = {}): Reading {
  const [open] = files;
  const gaps: Gap[] = [];
  if (open === undefined || open.text.trim() === '') return finish(new Draft(), [{ code: 'empty', ...(open && { file: open.path }) }], options);
  if (tooLarge(open)) return finish(new Draft(), [{ code: 'tooLarge', file: open.path }], options);
  const usable = files.filter((file) => !tooLarge(file));
  for (const { path } of files) if (!usable.some((file) => file.path === path)) gaps.push({ code: 'tooLarge', file: path });
  const typed = typedArguments(options.args ?? '');
  const found = chooseCommand(open, usable.slice(1), parsers);
  const command: Command | undefined = found && { ...found, flags: new Map([...found.flags, ...typed.flags]), positional: [...found.positional, ...typed.positional] };
  const flags = command?.flags ?? typed.flags;
  const draft = new Draft();
  const reader: Reader = { draft, files: usable, parsers, gaps, command };
  if (command) readLaunch(reader, command);
  const source = pythonOf(open, reader) ?? (command && scriptOf(command, reader));
  const done = source === undefined ? readOther(reader, open, command, flags) : readScript(reader, source, flags);
  const processes = done.draft.get('gpus') ?? 1;
  // Every launcher starts one process a GPU, and each of them a copy of the model, where nothing else is said.
  if (done.recognised && done.draft.get('work') !== 'inference' && processes > 1 && done.draft.fact('parallelism') === undefined) done.draft.set('parallelism', 'ddp', { source: 'default', certainty: 'derived' });
  if (!done.recognised && !gaps.some(({ code, file }) => code === 'tooLarge' && file === open.path)) gaps.push({ code: 'notTraining', file: open.path });
  return finish(done.draft, gaps, options, done.recognised ? anchorIn(open.path, done.draft, reader.anchor) : undefined);
}

const tooLarge = ({ path, text }: SourceFile): boolean => text.length > (path.endsWith('.ipynb') ? largestNotebook : largest);

interface Done { readonly recognised: boolean; readonly draft: Draft }

function pythonOf(file: SourceFile, { parsers, gaps }: Reader): PythonFile | undefined {
  const cells = file.path.endsWith('.ipynb') ? notebookCells(file.text, parsers) : undefined;
  if (cells === undefined && !file.path.endsWith('.py')) return undefined;
  const text = cells?.python ?? file.text;
  if (text.length > largest) gaps.push({ code: 'tooLarge', file: file.path });
  const root = text.length > largest ? undefined : parsers.python(text);
  if (root === undefined) return undefined;
  const lineOf = cells?.lineOf;
  const broken = firstError(root);
  if (broken) gaps.push({ code: 'syntax', file: file.path, line: lineOf?.(broken.line) ?? broken.line });
  return { file, root, ...(lineOf && { lineOf }) };
}

function firstError(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === 'ERROR') return node;
  for (const child of node.children) {
    const found = firstError(child);
    if (found) return found;
  }
  return undefined;
}

/** The script that a shell file or a README starts, where it stands beside it. */
function scriptOf({ program }: Command, reader: Reader): PythonFile | undefined {
  const file = reader.files.slice(1).find(({ path }) => path.endsWith('.py') && (baseName(path) === baseName(program) || path.replace(/\.py$/, '').replaceAll('/', '.').endsWith(program)));
  return file && pythonOf(file, reader);
}

function readScript(reader: Reader, source: PythonFile, flags: ReadonlyMap<string, Value>): Done {
  const { draft } = reader;
  const second = copyOf(draft);
  const recognised = readPython(reader, source, flags, 1);
  if (!recognised) return { recognised: reader.command === undefined ? readConfigs(reader, flags) : readCommand(reader, reader.command, flags), draft };
  if (draft.get('gpus') !== undefined || !/WORLD_SIZE|RANK|world_size|num_processes|device_count/.test(source.file.text)) return { recognised, draft };
  readPython({ ...reader, draft: second, gaps: [] }, source, flags, 2);
  return { recognised, draft: reconcile(draft, second) };
}

function copyOf(draft: Draft): Draft {
  const copy = new Draft();
  const take = <N extends FactName>(name: N, from: Omit<Fact, 'name' | 'value'>): void => { const value = draft.get(name); if (value !== undefined) copy.set(name, value, from); };
  for (const { name, value: _value, ...from } of draft.facts) take(name, from);
  return copy;
}

function readOther(reader: Reader, open: SourceFile, command: Command | undefined, flags: ReadonlyMap<string, Value>): Done {
  const root = configOf(open, reader.parsers);
  const isConfig = root !== undefined && readConfig(open, root, reader.files, reader.draft, reader.parsers, reader.gaps);
  if (isConfig) applyTable(reader, overrideKeys, flags);
  const recognised = isConfig || (command !== undefined && readCommand(reader, command, flags));
  return { recognised, draft: reader.draft };
}

function readCommand(reader: Reader, command: Command, flags: ReadonlyMap<string, Value>): boolean {
  return readServingCommand(reader) || readYoloCommand(reader) || readNnUnetCommand(reader) || readConfigs(reader, flags) || readFlags(reader, command.program, flags, undefined);
}

/** Configurations that the command names: `axolotl train x.yml`, `tune run ... --config x.yaml batch_size=4`. */
function readConfigs(reader: Reader, flags: ReadonlyMap<string, Value>): boolean {
  const byFlag = [...flags].filter(([key]) => /config|yaml/.test(key) && key !== 'dataset_config').map(([, value]) => value);
  const named = [...reader.command?.positional ?? [], ...byFlag, ...(reader.command ? [reader.command.program] : [])];
  for (const value of named) {
    const path = typeof value === 'string' ? value : stringOf(value);
    if (path === undefined || !/\.(ya?ml|json|toml)$/.test(path)) continue;
    const file = fileNamed(reader.files, path);
    const root = file && configOf(file, reader.parsers);
    if (file && root && readConfig(file, root, reader.files, reader.draft, reader.parsers, reader.gaps)) {
      applyTable(reader, overrideKeys, flags);
      return true;
    }
  }
  const [lost] = reader.command?.positional ?? [];
  const path = stringOf(lost);
  if (lost && path !== undefined && /\.ya?ml$/.test(path) && !fileNamed(reader.files, path)) {
    reader.gaps.push({ code: 'missingFile', file: lost.at.file, line: lost.at.line, detail: path.slice(0, 200) });
  }
  return false;
}

/**
 * A CodeLens stands in the file that is open. Where the line that drives the cost lies in another one, it is the line
 * here that says the most about it: the steps, the epochs, the batch.
 */
function anchorIn(open: string, draft: Draft, found: Reading['anchor']): Reading['anchor'] {
  if (found?.file === open) return found;
  const facts = (['steps', 'epochs', 'microBatch', 'globalBatch', 'model', 'dataset', 'stack'] as const).map((name) => draft.fact(name));
  const line = facts.find((fact) => fact?.file === open && fact.line !== undefined)?.line;
  return line === undefined ? found ?? { file: open, line: 1 } : { file: open, line };
}

function configOf({ path, text }: SourceFile, parsers: Parsers): ConfigNode | undefined {
  if (/\.ya?ml$/.test(path)) return parsers.yaml(text);
  if (path.endsWith('.toml')) return parsers.toml(text);
  return path.endsWith('.json') ? parsers.json(text) : undefined;
}

function finish(draft: Draft, gaps: readonly Gap[], { overrides = {} }: ReadOptions, anchor?: Reading['anchor']): Reading {
  const take = <N extends FactName>(name: N): void => {
    const value = overrides[name];
    if (value !== undefined) draft.set(name, value as NonNullable<Workload[N]>, { source: 'user', certainty: 'stated' });
  };
  for (const name of Object.keys(overrides) as FactName[]) take(name);
  // What a person typed into the panel stands in no file.
  const placed = gaps.map(({ file, line, ...gap }) => ({ ...gap, ...(file === '' || file === undefined ? {} : { file, ...(line === undefined ? {} : { line }) }) }));
  return { workload: draft.build(), facts: draft.facts, questions: questionsOf(draft, gaps), gaps: placed, ...(anchor && { anchor }) };
}
