import type { SyntaxNode } from '../../../domain/source.ts';
import { arithmetic } from './expressions.ts';
import { importNames } from './imports.ts';
import type { Frame, Machine } from './machine.ts';
import { callOf, nameOf, same, scalarOf, type Scope, truth, unknown, type Value } from './value.ts';

export function run(machine: Machine, node: SyntaxNode, frame: Frame): boolean {
  machine.budget -= 1;
  if (machine.budget < 0) return true;
  const { scope } = frame;
  switch (node.type) {
    case 'module': case 'block': case 'ERROR': return node.children.some((child) => run(machine, child, frame));
    case 'expression_statement':
      for (const child of node.children) expression(machine, child, frame);
      return false;
    // A broken line leaves its parts without the statement around them.
    case 'assignment': case 'augmented_assignment': case 'call': expression(machine, node, frame); return false;
    case 'if_statement': return choose(machine, branchesOf(node), frame);
    case 'for_statement': return loop(machine, node, frame);
    case 'while_statement': return loop(machine, node, frame);
    case 'with_statement': return withStatement(machine, node, frame);
    case 'try_statement':
      // The exceptions are what the script does when it goes wrong.
      return node.children.filter(({ type }) => type !== 'except_clause' && type !== 'comment').some((child) => run(machine, child, frame));
    case 'else_clause': case 'finally_clause': return node.children.some((child) => run(machine, child, frame));
    case 'return_statement':
      if (node.children[0] !== undefined) frame.returns.push(machine.evaluate(node.children[0], scope));
      return machine.certain;
    case 'function_definition': define(machine, node, [], scope); return false;
    case 'class_definition': defineClass(machine, node, scope); return false;
    case 'decorated_definition': {
      const decorators = node.children.filter(({ type }) => type === 'decorator').map(({ children }) => machine.evaluate(children[0], scope));
      const definition = node.field('definition');
      if (definition?.type === 'class_definition') defineClass(machine, definition, scope);
      else if (definition) define(machine, definition, decorators, scope);
      return false;
    }
    case 'import_statement': case 'import_from_statement': importNames(machine, node, scope); return false;
    case 'global_statement': for (const { text } of node.children) frame.globals.add(text); return false;
    default: return false;
  }
}

function expression(machine: Machine, node: SyntaxNode, frame: Frame): Value {
  const left = node.field('left');
  if (node.type === 'assignment' && left) {
    const right = node.field('right');
    if (right === undefined) return unknown(machine.place(node));
    const value = right.type === 'assignment' ? expression(machine, right, frame) : machine.evaluate(right, frame.scope);
    assign(machine, left, value, frame);
    return value;
  }
  if (node.type === 'augmented_assignment' && left) {
    const operator = (node.field('operator')?.text ?? '').replace('=', '');
    const before = machine.evaluate(left, frame.scope);
    const changed = arithmetic(machine, node, before, machine.evaluate(node.field('right'), frame.scope), operator);
    // What is changed in place is still stated where it was first said: that line is the one to edit.
    const value = changed.kind === 'scalar' ? { ...changed, at: { ...before.at, certainty: 'derived' as const, note: node.text.slice(0, 80) } } : changed;
    assign(machine, left, value, frame);
    return value;
  }
  return machine.evaluate(node, frame.scope);
}

function assign(machine: Machine, target: SyntaxNode, value: Value, frame: Frame): void {
  const { scope } = frame;
  if (target.type === 'identifier') {
    const before = machine.assigned.get(target.text);
    machine.assigned.set(target.text, machine.certain || before === undefined || same(before, value) ? value : unknown(value.at));
  }
  if (target.type === 'identifier') (frame.globals.has(target.text) ? machine.module : scope).names.set(target.text, value);
  else if (['pattern_list', 'tuple_pattern', 'list_pattern'].includes(target.type)) {
    const known = value.kind === 'list' && value.items.length === target.children.length ? value.items : undefined;
    for (const [index, child] of target.children.entries()) assign(machine, child, known?.[index] ?? partOf(value, index), frame);
  } else if (target.type === 'attribute') {
    const object = machine.evaluate(target.field('object'), scope);
    const name = target.field('attribute')?.text ?? '';
    const held = callOf(object);
    // Under a condition that nobody can decide, what is known stays until something known takes its place.
    if (held && (machine.certain || value.kind !== 'unknown' || !held.attributes.has(name))) held.attributes.set(name, value);
    if (object.kind === 'dict') object.entries.set(name, value);
    machine.attributes.push({ path: target.text, value, certain: machine.certain });
  } else if (target.type === 'subscript') {
    const object = machine.evaluate(target.field('value'), scope);
    const key = scalarOf(machine.evaluate(target.field('subscript'), scope));
    if (key === undefined) return;
    if (object.kind === 'dict') object.entries.set(String(key), value);
    callOf(object)?.attributes.set(`[${key}]`, value);
  }
}

/** `model, tokenizer = FastLanguageModel.from_pretrained(...)`: the parts of what a call returned. */
const partOf = (value: Value, index: number): Value => (value.kind === 'call' && index === 0 ? value : unknown(value.at));

interface Branch { readonly condition: SyntaxNode | undefined; readonly body: SyntaxNode | undefined }

const branchesOf = (node: SyntaxNode): Branch[] => [
  { condition: node.field('condition'), body: node.field('consequence') },
  ...node.children.filter(({ type }) => type === 'elif_clause').map((clause) => ({ condition: clause.field('condition'), body: clause.field('consequence') })),
  ...node.children.filter(({ type }) => type === 'else_clause').map((clause) => ({ condition: undefined, body: clause.field('body') })),
];

function choose(machine: Machine, [first, ...rest]: readonly Branch[], frame: Frame): boolean {
  if (first === undefined) return false;
  // What is imported is not what was started.
  const started = first.condition !== undefined && /^__name__\s*==/.test(first.condition.text) ? machine.importing === 0 : undefined;
  const held = first.condition === undefined ? true : started ?? truth(machine.evaluate(first.condition, frame.scope));
  if (held === true) return first.body !== undefined && run(machine, first.body, frame);
  if (held === false) return choose(machine, rest, frame);
  // Nobody can tell: both happen, and what they disagree about is unknown.
  const { certain } = machine;
  machine.certain = false;
  const { names } = frame.scope;
  const before = new Map(names);
  if (first.body) run(machine, first.body, frame);
  const after = new Map(names);
  restore(names, before);
  choose(machine, rest, frame);
  for (const [name, value] of after) {
    const other = names.get(name);
    names.set(name, other === undefined || same(other, value) ? value : unknown(value.at));
  }
  machine.certain = certain;
  return false;
}

function restore(names: Map<string, Value>, to: ReadonlyMap<string, Value>): void {
  names.clear();
  for (const [name, value] of to) names.set(name, value);
}

function loop(machine: Machine, node: SyntaxNode, frame: Frame): boolean {
  const body = node.field('body');
  const target = node.field('left');
  const iterable = machine.evaluate(node.field('right') ?? node.field('condition'), frame.scope);
  // What a loop counts up has no one value.
  for (const name of counted(body)) frame.scope.names.set(name, unknown(machine.place(node)));
  const limit = target === undefined ? whileLimit(machine, node, frame.scope) : undefined;
  const only = iterable.kind === 'list' && iterable.items.length === 1 ? iterable.items[0] : undefined;
  if (target) assign(machine, target, only ?? unknown(iterable.at), frame);
  const from = machine.calls.length;
  if (body) run(machine, body, frame);
  machine.loops.push({ variable: target?.text ?? limit?.variable ?? '', iterable: limit?.value ?? iterable, file: machine.here.file, line: machine.place(node).line, from, to: machine.calls.length, certain: machine.certain });
  return false;
}

/** `while step < max_steps` is a loop over so many steps. */
function whileLimit(machine: Machine, node: SyntaxNode, scope: Scope): { readonly variable: string; readonly value: Value } | undefined {
  const condition = node.field('condition');
  const [left, right] = condition?.type === 'comparison_operator' ? condition.children : [];
  if (left?.type !== 'identifier' || !['<', '<='].includes(condition?.field('operators')?.text ?? '')) return undefined;
  return { variable: left.text, value: machine.evaluate(right, scope) };
}

function counted(node: SyntaxNode | undefined): string[] {
  if (node === undefined || node.type === 'function_definition') return [];
  const own = node.type === 'augmented_assignment' ? [node.field('left')?.text ?? ''] : [];
  return [...own, ...node.children.flatMap(counted)];
}

function withStatement(machine: Machine, node: SyntaxNode, frame: Frame): boolean {
  for (const item of node.children[0]?.type === 'with_clause' ? node.children[0].children : []) {
    const inner = item.field('value') ?? item.children[0];
    const value = machine.evaluate(inner?.type === 'as_pattern' ? inner.children[0] : inner, frame.scope);
    const target = inner?.type === 'as_pattern' ? inner.children[1]?.children[0] : undefined;
    if (target) assign(machine, target, value, frame);
  }
  const body = node.field('body');
  return body !== undefined && run(machine, body, frame);
}

function define(machine: Machine, node: SyntaxNode, decorators: readonly Value[], scope: Scope): void {
  const name = node.field('name')?.text ?? '';
  const made = { kind: 'function', at: machine.place(node), definition: { name, node, scope: (scope.ofClass && scope.parent) || scope, here: machine.here, decorators } } as const;
  scope.names.set(name, made);
  // What other files define is gone through where it is called.
  if (!scope.ofClass && machine.importing === 0) machine.functions.push(made);
}

function defineClass(machine: Machine, node: SyntaxNode, scope: Scope): void {
  const name = node.field('name')?.text ?? '';
  const parents = (node.field('superclasses')?.children ?? []).filter(({ type }) => type !== 'keyword_argument').map((base) => machine.evaluate(base, scope));
  const members = new Map(parents.flatMap((parent) => (parent.kind === 'class' ? [...parent.definition.members] : [])));
  const bases = parents.flatMap((parent) => (parent.kind === 'class' ? [parent.definition.name, ...parent.definition.bases] : nameOf(parent) ?? []));
  const body = node.field('body');
  if (body) run(machine, body, { scope: { names: members, parent: scope, ofClass: true }, returns: [], globals: new Set() });
  scope.names.set(name, { kind: 'class', at: machine.place(node), definition: { name, bases, members, file: machine.here.file, line: machine.place(node).line } });
}
