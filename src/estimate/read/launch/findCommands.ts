/** Command lines where people keep them: shell files, READMEs, comments, cells, tasks and launch configurations. */
import type { ConfigNode, Parsers, SourceFile } from '../../../domain/source.ts';
import type { Value } from '../python/value.ts';
import { argumentsOf, type Command, commandOf, isCommand } from './command.ts';
import { shellStatements } from './shell.ts';

export function findCommands(file: SourceFile, parsers: Parsers): Command[] {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1).toLowerCase();
  if (/\.(sh|bash|zsh|slurm|sbatch)$/.test(name)) return inShell(file.text, file.path);
  if (/\.(md|rst|txt)$/.test(name)) return inShell(fences(file.text), file.path);
  if (name === 'makefile') return inShell(onlyCommands(file.text, /^\t+@?/), file.path);
  if (name === 'tasks.json' || name === 'launch.json') return inEditorConfig(parsers.json(file.text), file.path);
  if (/\.(py|ya?ml|toml)$/.test(name)) return inShell(onlyCommands(file.text, /^\s*(?:#\s*)?(?:\$\s*|>\s*)?/), file.path);
  return [];
}

/** Of a cell's lines, those that go to a shell. */
export const commandsOfCells = (text: string, path: string, lineOf: (line: number) => number): Command[] =>
  inShell(onlyCommands(text, /^\s*!\s*/, true), path).map((command) => moved(command, lineOf));

const inShell = (text: string, path: string): Command[] => shellStatements(text).flatMap((statement) => commandOf(statement, path) ?? []);

/** Everything but the commands is emptied, so that the lines stay what they are. */
function onlyCommands(text: string, mark: RegExp, marked = false): string {
  let goesOn = false;
  return text.split('\n').map((line) => {
    if (line.length > 4_000 || (marked && !goesOn && !mark.test(line))) return '';
    const bare = goesOn ? line.replace(/^\s*#\s?/, '') : line.replace(mark, '');
    const takes: boolean = goesOn || isCommand(bare);
    goesOn = takes && /\\\s*$/.test(bare);
    return takes ? bare : '';
  }).join('\n');
}

function fences(text: string): string {
  let language: string | undefined;
  return text.split('\n').map((line) => {
    const fence = /^\s*(?:```|~~~)\s*([\w-]*)/.exec(line);
    if (fence) {
      language = language === undefined ? fence[1] ?? '' : undefined;
      return '';
    }
    const shell = language !== undefined && /^(|bash|sh|shell|console|zsh|text|commandline|shell-session|shellscript)$/i.test(language);
    return shell ? line.replace(/^\s*\$\s/, '') : '';
  }).join('\n');
}

const textOf = (node: ConfigNode | undefined): string | undefined => (typeof node?.value === 'string' ? node.value : undefined);

function inEditorConfig(root: ConfigNode | undefined, path: string): Command[] {
  const tasks = (root?.entries?.get('tasks')?.items ?? []).flatMap(({ entries }): Command[] => {
    const command = textOf(entries?.get('command'));
    const args = (entries?.get('args')?.items ?? []).map((item) => String(item.value ?? ''));
    const line = entries?.get('command')?.line ?? 1;
    return command === undefined ? [] : inShell([command, ...args].join(' '), path).map((found) => moved(found, () => line));
  });
  const launches = (root?.entries?.get('configurations')?.items ?? []).flatMap(({ entries, line }): Command[] => {
    const program = textOf(entries?.get('program')) ?? textOf(entries?.get('module'));
    if (program === undefined) return [];
    const words = (entries?.get('args')?.items ?? []).map((item) => ({ text: String(item.value ?? ''), line: item.line, open: /\$\{/.test(String(item.value)) }));
    const environment = new Map([...entries?.get('env')?.entries ?? []].map(([key, node]) => [key, String(node.value)]));
    const found: Command = { file: path, line, launcher: 'python', program: program.replace(/\$\{\w+\}\/?/g, ''), launch: new Map(), ...argumentsOf(words, path), environment };
    const launcher = /^torch\.distributed\.(run|launch)$/.test(program) ? 'torchrun' : program.startsWith('accelerate.commands') ? 'accelerate' : undefined;
    if (launcher === undefined) return [found];
    const launched = commandOf({ words: [{ text: launcher, line, open: false }, ...words], environment }, path);
    return launched === undefined ? [] : [launched];
  });
  return [...tasks, ...launches];
}

/** What was read of one string, or of cells, stands on other lines of its file. */
function moved(command: Command, lineOf: (line: number) => number): Command {
  const here = (value: Value): Value => ({ ...value, at: { ...value.at, line: lineOf(value.at.line) } });
  const all = (values: ReadonlyMap<string, Value>): Map<string, Value> => new Map([...values].map(([key, value]) => [key, here(value)]));
  return { ...command, line: lineOf(command.line), flags: all(command.flags), launch: all(command.launch), positional: command.positional.map(here) };
}

/** What a person typed into the panel. */
export function typedArguments(args: string): Pick<Command, 'flags' | 'positional'> {
  const words = shellStatements(args.replaceAll('\n', ' ')).flatMap((statement) => [...statement.words]);
  const { flags, positional } = argumentsOf(words, '', new Set());
  const own = (value: Value): Value => ({ ...value, at: { ...value.at, source: 'user' } });
  return { flags: new Map([...flags].map(([key, value]) => [key, own(value)])), positional: positional.map(own) };
}

