/** The few functions of Python and its libraries that values of training scripts pass through. */
import type { Arguments } from './calls.ts';
import type { Machine } from './machine.ts';
import { numberLiteral } from './operators.ts';
import { callOf, lastPart, numberOf, type Place, scalar, scalarOf, stringOf, unknown, type Value } from './value.ts';

/** On the machines that are rented these are true: CUDA is there, and every card since Ampere knows bf16. */
const alwaysTrue = /(^|\.)(is_available|is_bf16_supported|is_bfloat16_supported|is_torch_bf16_gpu_available|is_bf16_available|is_flash_attn_2_available|is_torch_bf16_available)$/;
const worldSize = /(^|\.)(get_world_size|device_count)$/;
const passThrough = new Set([
  'deepcopy', 'copy', 'Path', 'vars', 'asdict', 'EasyDict', 'edict', 'SimpleNamespace', 'DictConfig', 'to_container', 'create', 'tuple', 'list', 'cast',
  'expanduser', 'abspath', 'normpath',
]);

export function builtin(machine: Machine, name: string, receiver: Value | undefined, { args, keywords }: Arguments, at: Place): Value | undefined {
  const [first, second] = args;
  if (alwaysTrue.test(name)) return scalar(true, at);
  if (worldSize.test(name)) return machine.world === undefined ? unknown(at) : scalar(machine.world, at);
  if (name === 'os.environ.get' || name === 'os.getenv' || name === 'environ.get' || name === 'getenv') {
    const set = machine.environment.get(stringOf(first) ?? '');
    return set === undefined ? second ?? keywords.get('default') ?? unknown(at) : scalar(set, at);
  }
  // What Accelerate or Fabric prepares is what it was.
  if (/^\.(prepare|setup|setup_dataloaders|setup_module)$/.test(name) && args.length > 0) return args.length === 1 ? first : { kind: 'list', items: [...args], at };
  if (receiver?.kind === 'dict') return ofDictionary(name, receiver, first, second, keywords, at);
  if (receiver?.kind === 'scalar' && typeof receiver.value === 'string') return ofString(name, receiver.value, first, at);
  const config = loaded(machine, name, first);
  if (config !== undefined) return config;
  const derived = { ...at, certainty: 'derived' as const };
  switch (name) {
    case 'int': return convert(first, Math.trunc, at);
    case 'float': return convert(first, (number) => number, at);
    case 'math.ceil': case 'ceil': case 'np.ceil': case 'numpy.ceil': return convert(first, Math.ceil, derived);
    case 'math.floor': case 'floor': return convert(first, Math.floor, derived);
    case 'round': return second === undefined ? convert(first, Math.round, derived) : first ?? unknown(at);
    case 'math.sqrt': return convert(first, Math.sqrt, derived);
    case 'abs': return convert(first, Math.abs, derived);
    case 'bool': { const held = scalarOf(first); return held === undefined ? unknown(at) : scalar(Boolean(held), at); }
    case 'str': { const held = scalarOf(first); return held === undefined ? unknown(at) : scalar(String(held), first?.at ?? at); }
    case 'len': return lengthOf(first, at);
    case 'max': case 'min': return extreme(name, args, derived);
    case 'dict': return { kind: 'dict', entries: new Map([...(first?.kind === 'dict' ? first.entries : []), ...keywords]), at };
    case 'range': return rangeOf(args, at);
    case 'getattr':
      if (first?.kind === 'name' && stringOf(second) !== undefined) return { kind: 'name', name: `${first.name}.${stringOf(second)}`, at: second?.at ?? at };
      return second && callOf(first)?.attributes.get(stringOf(second) ?? '') || args[2];
    case 'os.path.join': case 'join': return joined(args, at);
    case 'exec': for (const [key, value] of machine.executed) machine.module.names.set(key, value); return undefined;
    default: break;
  }
  if (!name.startsWith('.') && passThrough.has(lastPart(name)) && first !== undefined) {
    const held = callOf(first);
    return lastPart(name) === 'vars' && held ? { kind: 'dict', entries: held.attributes, at } : first;
  }
  if (['EasyDict', 'edict', 'SimpleNamespace', 'Namespace', 'Config', 'ConfigDict'].includes(lastPart(name)) && args.length === 0 && keywords.size > 0) {
    return { kind: 'dict', entries: keywords, at };
  }
  return undefined;
}

function convert(value: Value | undefined, to: (number: number) => number, at: Place): Value {
  const held = scalarOf(value);
  const number = typeof held === 'string' ? numberFrom(held) : typeof held === 'boolean' ? Number(held) : held;
  return typeof number !== 'number' || value === undefined ? unknown(at) : scalar(to(number), at.certainty === 'derived' && to(number) !== number ? at : value.at);
}

const numberFrom = (text: string): number | undefined => {
  const negative = text.trim().startsWith('-');
  const number = numberLiteral(text.trim().replace(/^-/, ''));
  return number === undefined ? undefined : negative ? -number : number;
};

function lengthOf(value: Value | undefined, at: Place): Value | undefined {
  if (value?.kind === 'list') return scalar(value.items.length, { ...at, certainty: 'derived' });
  // The length of a data set or a loader is a call like any other: whoever knows the data set can tell.
  return undefined;
}

function extreme(name: string, args: readonly Value[], at: Place): Value {
  const numbers = args.map(numberOf);
  if (args.length < 2 || numbers.some((number) => number === undefined)) return unknown(at);
  return scalar(Math[name === 'max' ? 'max' : 'min'](...numbers.filter((number) => number !== undefined)), at);
}

/** `range(a, b, s)` as the number of rounds. */
function rangeOf(args: readonly Value[], at: Place): Value | undefined {
  const [from, to, step] = args.length === 1 ? [0, numberOf(args[0]), 1] : [numberOf(args[0]), numberOf(args[1]), args[2] === undefined ? 1 : numberOf(args[2])];
  if (from === undefined || to === undefined || step === undefined || step === 0) return undefined;
  const rounds = Math.max(0, Math.ceil((to - from) / step));
  const place = args.find(({ at: own }) => own.line !== at.line)?.at ?? (args.length === 1 ? args[0]?.at : undefined) ?? at;
  return { kind: 'call', at, call: { callee: 'range', args: [scalar(rounds, place)], keywords: new Map(), attributes: new Map(), place: at, certain: true } };
}

function joined(args: readonly Value[], at: Place): Value {
  const parts = args.map(stringOf);
  return parts.length === 0 || parts.some((part) => part === undefined) ? unknown(at) : scalar(parts.join('/').replaceAll('//', '/'), at);
}

function ofDictionary(name: string, { entries }: Extract<Value, { kind: 'dict' }>, first: Value | undefined, second: Value | undefined, keywords: ReadonlyMap<string, Value>, at: Place): Value | undefined {
  switch (name) {
    case '.get': case '.pop': return entries.get(String(scalarOf(first) ?? '')) ?? second ?? unknown(at);
    case '.update': case '.merge_with':
      for (const [key, value] of [...(first?.kind === 'dict' ? first.entries : []), ...keywords]) entries.set(key, value);
      return unknown(at);
    case '.copy': return { kind: 'dict', entries: new Map(entries), at };
    default: return undefined;
  }
}

function ofString(name: string, text: string, first: Value | undefined, at: Place): Value | undefined {
  switch (name) {
    case '.lower': return scalar(text.toLowerCase(), at);
    case '.upper': return scalar(text.toUpperCase(), at);
    case '.strip': return scalar(text.trim(), at);
    case '.split': return { kind: 'list', items: text.split(stringOf(first) ?? ' ').slice(0, 100).map((part) => scalar(part, at)), at };
    case '.startsWith': case '.startswith': return first?.kind === 'scalar' ? scalar(text.startsWith(String(first.value)), at) : unknown(at);
    case '.endswith': return first?.kind === 'scalar' ? scalar(text.endsWith(String(first.value)), at) : unknown(at);
    default: return unknown(at);
  }
}

/** `yaml.safe_load(open('config.yaml'))`, `OmegaConf.load('config.yaml')`: a file that stands beside the script. */
function loaded(machine: Machine, name: string, first: Value | undefined): Value | undefined {
  if (!/(^|\.)(safe_load|full_load|load|fromfile|load_yaml)$/.test(name) || !/^(yaml|OmegaConf|omegaconf|json|toml|tomllib|Config|mmengine)\b/.test(name)) return undefined;
  const path = stringOf(first) ?? stringOf(callOf(first)?.args[0]) ?? stringOf(callOf(callOf(first)?.receiver)?.args[0]);
  return path === undefined ? undefined : machine.configFile(path);
}
