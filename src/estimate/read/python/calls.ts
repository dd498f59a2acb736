/** Calls: of the script's own functions and classes, which are gone through, and of everything else, which is noted. */
import type { SyntaxNode } from '../../../domain/source.ts';
import { builtin } from './builtins.ts';
import { commandLineBuiltin, namespace } from './declared.ts';
import type { Machine } from './machine.ts';
import { member } from './member.ts';
import { type Call, callOf, type ClassDefinition, lastPart, same, type Scope, stringOf, unknown, type Value } from './value.ts';

/** `main` calls `get_loaders`, which calls `make_transform`; deeper is plumbing. */
const maxDepth = 6;

export interface Arguments {
  readonly args: Value[];
  readonly keywords: Map<string, Value>;
}

export function call(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const at = machine.place(node);
  const target = node.field('function');
  const method = target?.type === 'attribute' ? target.field('attribute')?.text : undefined;
  // The object is looked at once only: it may be a call, which is noted each time.
  const object = method === undefined ? undefined : machine.evaluate(target?.field('object'), scope);
  const callee = object === undefined ? machine.evaluate(target, scope) : member(machine, object, method ?? '', at);
  const given = argumentsOf(machine, node.field('arguments'), scope);
  if (callee.kind === 'function') return apply(machine, callee, given, at);
  if (callee.kind === 'class') return instantiate(machine, callee.definition, given, at);
  const receiver = callee.kind === 'name' ? undefined : object;
  const name = callee.kind === 'name' ? callee.name : `.${method ?? ''}`;
  const known = builtin(machine, name, receiver, given, at) ?? commandLineBuiltin(machine, name, given, at, caller(machine, at));
  if (known !== undefined) return known;
  const made: Call = { callee: name, ...(receiver === undefined ? {} : { receiver }), ...given, attributes: new Map(), place: at, certain: machine.certain };
  machine.calls.push(made);
  return { kind: 'call', call: made, at };
}

export type Caller = (callable: Value, given: Arguments) => Value;
const caller = (machine: Machine, at: Value['at']): Caller => (callable, given) => {
  if (callable.kind === 'function') return apply(machine, callable, given, at);
  return callable.kind === 'class' ? instantiate(machine, callable.definition, given, at) : unknown(at);
};

function argumentsOf(machine: Machine, node: SyntaxNode | undefined, scope: Scope): Arguments {
  const args: Value[] = [];
  const keywords = new Map<string, Value>();
  for (const child of node?.type === 'argument_list' ? node.children : []) {
    if (child.type === 'comment') continue;
    if (child.type === 'keyword_argument') keywords.set(child.field('name')?.text ?? '', machine.evaluate(child.field('value'), scope));
    else if (child.type === 'dictionary_splat') {
      const inner = machine.evaluate(child.children[0], scope);
      const entries = inner.kind === 'dict' ? inner.entries : callOf(inner)?.attributes;
      for (const [key, value] of entries ?? []) keywords.set(key, value);
    } else if (child.type === 'list_splat') {
      const inner = machine.evaluate(child.children[0], scope);
      if (inner.kind === 'list') args.push(...inner.items);
    } else args.push(machine.evaluate(child, scope));
  }
  return { args, keywords };
}

/** Goes through a function with these arguments; what it returns, where all its ways out agree. */
export function apply(machine: Machine, callable: Extract<Value, { kind: 'function' }>, given: Arguments, at: Value['at']): Value {
  const { definition, self } = callable;
  machine.visited.add(definition.node);
  if (machine.depth >= maxDepth || machine.budget < 0) return unknown(at);
  const names = new Map<string, Value>();
  const { here } = machine;
  machine.here = definition.here;
  bind(machine, definition.node, self === undefined ? given.args : [self, ...given.args], given.keywords, names, definition.scope);
  const click = definition.decorators.map(callOf).filter((decorator) => decorator !== undefined);
  for (const [name, value] of namespace(machine, click)) if (!given.keywords.has(name)) names.set(name, value);
  const hydra = click.find(({ callee }) => /(^|\.)hydra\.main$|^main$|hydra_runner$/.test(callee));
  const first = parameters(definition.node)[0]?.name;
  if (hydra && first !== undefined) names.set(first, hydraConfig(machine, hydra) ?? unknown(at));
  const body = definition.node.field('body');
  const scope: Scope = { names, parent: definition.scope };
  machine.depth += 1;
  const { certain } = machine;
  const returns: Value[] = [];
  if (definition.node.type === 'lambda') returns.push(machine.evaluate(body, scope));
  else if (body) machine.run(body, { scope, returns, globals: new Set() });
  machine.certain = certain;
  machine.depth -= 1;
  machine.here = here;
  const [value, ...others] = returns;
  return value !== undefined && others.every((other) => same(other, value)) ? value : unknown(at);
}

function hydraConfig(machine: Machine, { keywords }: Call): Value | undefined {
  const [folder, name] = [stringOf(keywords.get('config_path')), stringOf(keywords.get('config_name'))];
  if (name === undefined) return undefined;
  const path = folder === undefined ? name : `${folder}/${name}`;
  const read = machine.configFile(/\.ya?ml$/.test(path) ? path : `${path}.yaml`);
  for (const [key, value] of machine.commandLine) setPath(read, key.split('.'), value);
  return read;
}

function setPath(inside: Value | undefined, [head, ...rest]: readonly string[], value: Value): void {
  if (inside?.kind !== 'dict' || head === undefined) return;
  if (rest.length > 0) setPath(inside.entries.get(head), rest, value);
  else inside.entries.set(head, value);
}

interface Parameter { readonly name: string; readonly otherwise?: SyntaxNode; readonly rest?: 'list' | 'dict' }

function parameters(node: SyntaxNode): Parameter[] {
  return (node.field('parameters')?.children ?? []).flatMap((child): Parameter[] => {
    const name = child.field('name')?.text ?? child.children[0]?.text ?? child.text;
    const otherwise = child.field('value');
    switch (child.type) {
      case 'identifier': return [{ name: child.text }];
      case 'typed_parameter': return child.children[0]?.type === 'identifier' ? [{ name }] : [];
      case 'default_parameter': case 'typed_default_parameter': return [{ name, ...(otherwise && { otherwise }) }];
      case 'list_splat_pattern': return [{ name, rest: 'list' }];
      case 'dictionary_splat_pattern': return [{ name, rest: 'dict' }];
      default: return [];
    }
  });
}

function bind(machine: Machine, node: SyntaxNode, args: readonly Value[], keywords: ReadonlyMap<string, Value>, names: Map<string, Value>, scope: Scope): void {
  const at = machine.place(node);
  const wanted = parameters(node);
  for (const [index, { name, otherwise, rest }] of wanted.entries()) {
    if (rest === 'list') names.set(name, { kind: 'list', items: args.slice(index), at });
    else if (rest === 'dict') {
      const own = new Set(wanted.map((parameter) => parameter.name));
      names.set(name, { kind: 'dict', entries: new Map([...keywords].filter(([key]) => !own.has(key))), at });
    } else names.set(name, keywords.get(name) ?? args[index] ?? (otherwise ? machine.evaluate(otherwise, scope) : unknown(at)));
  }
}

/** An instance: the fields of a dataclass, or what its own `__init__` makes of the arguments. */
export function instantiate(machine: Machine, definition: ClassDefinition, given: Arguments, at: Value['at']): Value {
  const fields = [...definition.members].filter(([, { kind }]) => kind !== 'function' && kind !== 'class');
  const keywords = new Map(given.keywords);
  for (const [index, value] of given.args.entries()) {
    const field = fields[index]?.[0];
    if (field !== undefined && !definition.members.has('__init__')) keywords.set(field, value);
  }
  const attributes = new Map(fields.map(([name, value]): [string, Value] => [name, keywords.get(name) ?? defaultOf(value)]));
  const made: Call = { callee: definition.name, args: given.args, keywords, attributes, of: definition, place: at, certain: machine.certain };
  machine.calls.push(made);
  const self: Value = { kind: 'call', call: made, at };
  for (const step of ['__init__', '__post_init__']) {
    const member = definition.members.get(step);
    if (member?.kind === 'function') apply(machine, { ...member, self }, step === '__init__' ? given : { args: [], keywords: new Map() }, at);
  }
  return self;
}

/** `field(default=3)` and its like in other libraries are the value inside. */
export function defaultOf(value: Value): Value {
  const held = callOf(value);
  if (held === undefined || !['field', 'Field', 'Option'].includes(lastPart(held.callee))) return value;
  const factory = held.keywords.get('default_factory');
  const body = factory?.kind === 'function' ? factory.definition.node.field('body') : undefined;
  return held.keywords.get('default') ?? (['Field', 'Option'].includes(lastPart(held.callee)) ? held.args[0] : undefined) ?? unknown(body ? value.at : held.place);
}
