/** Goes through a Python file and gives what it would call, with which values, in which order. */
import type { ConfigNode, SyntaxNode } from '../../../domain/source.ts';
import { apply, instantiate } from './calls.ts';
import { evaluate } from './expressions.ts';
import type { Machine } from './machine.ts';
import { run } from './statements.ts';
import { type Call, type ClassDefinition, type Loop, scalar, type Scope, unknown, type Value } from './value.ts';

/** About a hundred times what the longest example script takes. */
const budget = 400_000;

export interface Surroundings {
  readonly file: string;
  /** From the line of the text that was parsed to the line of the file: notebooks differ. */
  readonly lineOf?: (line: number) => number;
  readonly commandLine?: ReadonlyMap<string, Value>;
  readonly environment?: ReadonlyMap<string, string>;
  readonly world?: number;
  readonly executed?: ReadonlyMap<string, Value>;
  readonly moduleFile?: Machine['moduleFile'];
  readonly configFile?: (path: string) => { readonly path: string; readonly root: ConfigNode } | undefined;
}

export interface Program {
  readonly file: string;
  readonly names: ReadonlyMap<string, Value>;
  readonly calls: readonly Call[];
  readonly loops: readonly Loop[];
  readonly attributes: Machine['attributes'];
  readonly classes: readonly ClassDefinition[];
  readonly declared: ReadonlyMap<string, Value>;
  readonly assigned: ReadonlyMap<string, Value>;
}

export function interpret(root: SyntaxNode, around: Surroundings): Program {
  const module: Scope = { names: new Map() };
  const lineOf = around.lineOf ?? ((line: number) => line);
  const machine: Machine = {
    here: { file: around.file, lineOf }, module, modules: new Map(), importing: 0, calls: [], loops: [], attributes: [], declared: new Map(), assigned: new Map(), functions: [], visited: new Set(),
    commandLine: around.commandLine ?? new Map(), environment: around.environment ?? new Map(), executed: around.executed ?? new Map(),
    world: around.world, certain: true, depth: 0, budget,
    place: (node, certainty = 'stated', note) => ({ source: 'script', certainty, file: machine.here.file, line: machine.here.lineOf(node.line), ...(note === undefined ? {} : { note }) }),
    evaluate: (node, scope) => evaluate(machine, node, scope),
    run: (node, frame) => run(machine, node, frame),
    moduleFile: (name, from) => around.moduleFile?.(name, from),
    configFile: (path) => { const found = around.configFile?.(path); return found && fromConfig(found.root, found.path); },
  };
  run(machine, root, { scope: module, returns: [], globals: new Set() });
  leftovers(machine);
  const classes = [...module.names.values()].flatMap((value) => (value.kind === 'class' ? [value.definition] : []));
  return { file: around.file, names: module.names, calls: machine.calls, loops: machine.loops, attributes: machine.attributes, classes, declared: machine.declared, assigned: machine.assigned };
}

/** Functions and methods that the script itself does not call: a framework does, or a command that is not known. */
function leftovers(machine: Machine): void {
  machine.certain = false;
  const given = { args: [], keywords: new Map<string, Value>() };
  // Going through one may define others: those that are handed to `map` lie inside of functions.
  for (let next = 0; next < machine.functions.length && machine.budget > 0; next += 1) {
    const value = machine.functions[next];
    if (value && !machine.visited.has(value.definition.node)) apply(machine, value, given, value.at);
  }
  for (const value of [...machine.module.names.values()]) {
    if (value.kind !== 'class') continue;
    const made = machine.calls.findLast(({ of }) => of === value.definition);
    const self: Value = made ? { kind: 'call', call: made, at: made.place } : instantiate(machine, value.definition, given, value.at);
    for (const member of value.definition.members.values()) {
      if (member.kind === 'function' && !machine.visited.has(member.definition.node)) apply(machine, { ...member, self }, given, member.at);
    }
  }
}

/** A config file as a value, every part with its own place. */
export function fromConfig(node: ConfigNode, file: string, source: 'config' | 'command' = 'config'): Value {
  const at = { source, certainty: 'stated', file, line: node.line } as const;
  if (node.entries) return { kind: 'dict', entries: new Map([...node.entries].map(([key, inner]) => [key, fromConfig(inner, file, source)])), at };
  if (node.items) return { kind: 'list', items: node.items.map((inner) => fromConfig(inner, file, source)), at };
  return node.value === undefined ? unknown(at) : scalar(node.value, at);
}
