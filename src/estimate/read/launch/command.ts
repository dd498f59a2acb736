/** What a command line starts, with what, and on how many processes. */
import type { Place, Value } from '../python/value.ts';
import { scalar, unknown } from '../python/value.ts';
import type { Statement, Word } from './shell.ts';

export interface Command {
  readonly file: string;
  readonly line: number;
  /** `torchrun`, `accelerate`, `python`, `yolo`; what is started lies in `program`. */
  readonly launcher: string;
  /** A path or a module, or the first word after the name of a tool: `train.py`, `axolotl.cli.train`, `sft`. */
  readonly program: string;
  /** The launcher's own flags, and the program's. Dashes are gone: `--num-processes` is `num_processes`. */
  readonly launch: ReadonlyMap<string, Value>;
  readonly flags: ReadonlyMap<string, Value>;
  readonly positional: readonly Value[];
  readonly environment: ReadonlyMap<string, string>;
}

const before = new Set(['nohup', 'time', 'sudo', 'srun', 'exec', 'uv', 'poetry', 'pipenv', 'conda', 'run', 'bash', 'sh', '-u', '--no-sync', '$', '!', '>']);
const launchers = new Set(['accelerate', 'torchrun', 'deepspeed', 'composer', 'python', 'python3', 'ipython', 'lightning', 'fabric', 'mpirun', 'horovodrun']);
/** Tools that take a task or a config instead of a script. */
const tools = new Set(['vllm', 'sglang', 'ollama', 'yolo', 'tune', 'axolotl', 'llamafactory-cli', 'litgpt', 'trl', 'swift', 'xtuner', 'autotrain', 'simpletuner', 'nemo']);
/** Tools that are one program each, and images that start one: what follows are its flags. */
const programs = new Set(['nnUNetv2_train', 'text-generation-launcher', 'llama-server', 'llama-cli']);
const images: readonly (readonly [RegExp, readonly string[]])[] = [
  [/(^|\/)vllm\/vllm-openai(:|$)/, ['vllm', 'serve']], [/(^|\/)text-generation-inference(:|$)/, ['text-generation-launcher']], [/(^|\/)lmsysorg\/sglang(:|$)/, []],
  [/(^|\/)llama\.cpp(:server\S*)$/, ['llama-server']],
];
const script = /\.(?:py|sh)$/;
/** Flags of launchers that stand alone. */
const alone = new Set(['multi_gpu', 'use_fsdp', 'use_deepspeed', 'cpu', 'standalone', 'no_local_rank', 'debug', 'use_megatron_lm', 'm', 'module', 'dynamo_use_dynamic', 'u', 'no_python']);

export const isCommand = (line: string): boolean => {
  const words = line.trim().split(/\s+/).map(({ length }, index, all) => (length === 0 ? '' : all[index] ?? ''));
  const first = words.find((word) => !before.has(word) && !/^[A-Z_][A-Z_\d]*=/i.test(word) && !word.startsWith('-')) ?? '';
  return tools.has(base(first)) || programs.has(base(first)) || (base(first) === 'docker' && images.some(([image]) => words.some((word) => image.test(word)))) || (launchers.has(versionless(base(first))) && /\.py\b|\s-m\s|\slaunch\s/.test(line));
};

const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const versionless = (name: string): string => name.replace(/^python3?\.\d+$/, 'python3');

export function commandOf({ words, environment }: Statement, file: string): Command | undefined {
  let at = 0;
  while (words[at] && (before.has(words[at]?.text ?? '') || (at > 0 && /^-|^\d+$|^[A-Z_]+=/.test(words[at]?.text ?? '')))) at += 1;
  const own = new Map(environment);
  for (const { text } of words.slice(0, at)) {
    const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(text) ?? [];
    if (name !== undefined && value !== undefined) own.set(name, value);
  }
  const head = words[at];
  if (head === undefined) return undefined;
  const name = versionless(base(head.text));
  const rest = words.slice(at + 1);
  const common = { file, line: head.line, environment: own };
  if (name === 'docker') return contained(rest, file, own);
  if (programs.has(name)) return { ...common, launcher: name, program: name, ...argumentsOf(rest, file), launch: new Map() };
  if (tools.has(name)) {
    const named = rest.findIndex(({ text }) => !text.startsWith('-') && !text.includes('='));
    return { ...common, launcher: name, program: rest[named]?.text ?? '', ...argumentsOf(rest.filter((_, index) => index !== named), file), launch: new Map() };
  }
  if (script.test(name)) return { ...common, launcher: 'python', program: head.text, ...argumentsOf(rest, file), launch: new Map() };
  if (!launchers.has(name)) return undefined;
  return launched(rest, name, common);
}

/** `docker run … IMAGE FLAGS`: what the image starts, with the flags that follow its name. */
function contained(words: readonly Word[], file: string, environment: ReadonlyMap<string, string>): Command | undefined {
  for (const [index, word] of words.entries()) {
    const [, starts] = images.find(([image]) => image.test(word.text)) ?? [];
    if (starts === undefined) continue;
    const inside = [...starts.map((text): Word => ({ text, line: word.line, open: false })), ...words.slice(index + 1)];
    return commandOf({ words: inside, environment }, file);
  }
  return undefined;
}

function launched(words: readonly Word[], name: string, common: { readonly file: string; readonly line: number; readonly environment: ReadonlyMap<string, string> }): Command | undefined {
  const module = words.findIndex(({ text }) => text === '-m' || text === '--module');
  const path = words.findIndex(({ text }) => script.test(text));
  let start = path;
  if (module !== -1 && (path === -1 || module < path)) start = module + 1;
  const program = words[start];
  if (program === undefined) return undefined;
  const launcher = name.startsWith('python') ? 'python' : name;
  if (/^torch\.distributed\.(run|launch)$/.test(program.text)) return launched(words.slice(start + 1), 'torchrun', common);
  if (program.text.startsWith('accelerate.commands.launch')) return launched(words.slice(start + 1), 'accelerate', common);
  const { flags: launch } = argumentsOf(words.slice(0, start).filter(({ text }) => text !== 'launch' && text !== '-m'), common.file, alone);
  return { ...common, launcher, program: program.text, launch, ...argumentsOf(words.slice(start + 1), common.file) };
}

/** `--key value`, `--key=value`, `--flag`, `--list a b`, `key=value`, and the rest by its place. */
export function argumentsOf(words: readonly Word[], file: string, standAlone: ReadonlySet<string> = new Set()): Pick<Command, 'flags' | 'positional'> {
  const flags = new Map<string, Value>();
  const positional: Value[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) continue;
    const place: Place = { source: 'command', certainty: 'stated', file, line: word.line };
    const [, dashes = '', key, given] = /^(--?|\+\+?)?([A-Za-z][\w.:/-]*?)(?:=(.*))?$/s.exec(word.text) ?? [];
    if (key === undefined || (dashes === '' && given === undefined)) positional.push(valueOf(word.text, place, word.open));
    else if (given !== undefined) flags.set(normal(key), valueOf(given, place, word.open));
    else {
      const values: Word[] = [];
      while (!standAlone.has(normal(key)) && words[at + 1] && !/^--?[A-Za-z]/.test(words[at + 1]?.text ?? '') && !/^[\w.]+=/.test(words[at + 1]?.text ?? '')) {
        at += 1;
        values.push(words[at] ?? word);
      }
      flags.set(normal(key), several(values, place, file));
    }
  }
  return { flags, positional };
}

const normal = (key: string): string => key.replaceAll('-', '_');

function several(words: readonly Word[], place: Place, file: string): Value {
  const [first] = words;
  if (first === undefined) return scalar(true, place);
  const at = (line: number): Place => ({ ...place, file, line });
  if (words.length === 1) return valueOf(first.text, at(first.line), first.open);
  return { kind: 'list', items: words.map(({ text, line, open }) => valueOf(text, at(line), open)), at: place };
}

export function valueOf(text: string, at: Place, open = false): Value {
  if (open) return unknown(at);
  if (/^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return scalar(Number(text.replaceAll('_', '')), at);
  if (/^(true|false)$/i.test(text)) return scalar(text.toLowerCase() === 'true', at);
  return scalar(/^(none|null)$/i.test(text) ? null : text, at);
}
