import type { SyntaxNode } from '../../../domain/source.ts';
import { call } from './calls.ts';
import { member } from './member.ts';
import { lookUp, type Machine } from './machine.ts';
import { binary, compare, contentOf, numberLiteral } from './operators.ts';
import { callOf, numberOf, same, scalar, type Scope, truth, unknown, type Value } from './value.ts';

const maxItems = 10_000;

export function evaluate(machine: Machine, node: SyntaxNode | undefined, scope: Scope): Value {
  machine.budget -= 1;
  if (node === undefined || machine.budget < 0) return unknown({ source: 'script', certainty: 'assumed', file: machine.here.file, line: node?.line ?? 1 });
  const at = machine.place(node);
  const value = (field: string): Value => machine.evaluate(node.field(field), scope);
  switch (node.type) {
    case 'integer': case 'float': {
      const number = numberLiteral(node.text);
      return number === undefined ? unknown(at) : scalar(number, at);
    }
    case 'true': return scalar(true, at);
    case 'false': return scalar(false, at);
    case 'none': return scalar(null, at);
    case 'string': case 'concatenated_string': return text(machine, node, scope);
    case 'identifier': return lookUp(node.text, scope) ?? { kind: 'name', name: node.text, at };
    case 'attribute': return member(machine, value('object'), node.field('attribute')?.text ?? '', at);
    case 'subscript': return subscript(machine, node, scope);
    case 'call': return call(machine, node, scope);
    case 'parenthesized_expression': case 'await': return machine.evaluate(node.children[0], scope);
    case 'tuple': case 'list': case 'set': case 'expression_list': return list(machine, node, scope);
    case 'dictionary': return dictionary(machine, node, scope);
    case 'binary_operator': return arithmetic(machine, node, value('left'), value('right'), node.field('operator')?.text ?? '');
    case 'unary_operator': {
      const operand = value('argument');
      const number = numberOf(operand);
      return number === undefined ? unknown(at) : scalar(node.text.startsWith('-') ? -number : number, at);
    }
    case 'not_operator': {
      const held = truth(value('argument'));
      return held === undefined ? unknown(at) : scalar(!held, at);
    }
    case 'boolean_operator': return either(machine, node, scope);
    case 'comparison_operator': return comparison(machine, node, scope);
    case 'conditional_expression': return conditional(machine, node, scope);
    case 'named_expression': {
      const made = value('value');
      const name = node.field('name')?.text;
      if (name !== undefined) scope.names.set(name, made);
      return made;
    }
    case 'lambda': return { kind: 'function', at, definition: { name: '', node, scope, here: machine.here, decorators: [] } };
    default: return unknown(at);
  }
}

/** Numbers alone are stated where they stand; anything that names another value is derived from it. */
export function arithmetic(machine: Machine, node: SyntaxNode, left: Value, right: Value, operator: string): Value {
  const literal = /^[\d\s.()*+/_eE-]+$/.test(node.text);
  const at = machine.place(node, literal ? 'stated' : 'derived', node.text.slice(0, 80));
  if (left.kind === 'list' && right.kind === 'list' && operator === '+' && left.items.length + right.items.length <= maxItems) {
    return { kind: 'list', items: [...left.items, ...right.items], at };
  }
  if (left.kind === 'dict' && right.kind === 'dict' && operator === '|') return { kind: 'dict', entries: new Map([...left.entries, ...right.entries]), at };
  if (left.kind !== 'scalar' || right.kind !== 'scalar') return unknown(at);
  const result = binary(operator, left.value, right.value);
  return result === undefined ? unknown(at) : scalar(result, at);
}

function text(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const at = machine.place(node);
  const parts = node.type === 'concatenated_string' ? node.children : [node];
  let whole = '';
  for (const part of parts) {
    if (!part.children.some(({ type }) => type === 'interpolation')) {
      whole += contentOf(part.text);
      continue;
    }
    for (const piece of part.children) {
      if (piece.type === 'string_content') whole += piece.text;
      if (piece.type !== 'interpolation') continue;
      const held = machine.evaluate(piece.field('expression') ?? piece.children[0], scope);
      if (held.kind !== 'scalar') return unknown(at);
      whole += String(held.value);
    }
  }
  return scalar(whole, at);
}

function subscript(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const at = machine.place(node);
  const object = machine.evaluate(node.field('value'), scope);
  const keyNode = node.field('subscript');
  if (keyNode?.type === 'slice') return object.kind === 'list' ? slice(machine, object.items, keyNode, scope, at) : object;
  const key = machine.evaluate(keyNode, scope);
  if (key.kind !== 'scalar') return unknown(at);
  if (object.kind === 'list' && typeof key.value === 'number') return object.items.at(key.value) ?? unknown(at);
  if (object.kind === 'dict') return object.entries.get(String(key.value)) ?? unknown(at);
  if (object.kind === 'name' && object.name === 'os.environ') {
    const set = machine.environment.get(String(key.value));
    return set === undefined ? unknown(at) : scalar(set, at);
  }
  // `models.__dict__[args.arch]` is `models.resnet18`.
  if (object.kind === 'name' && object.name.endsWith('.__dict__') && typeof key.value === 'string') return { kind: 'name', name: object.name.replace('__dict__', key.value), at: key.at };
  // A split of a data set is still that data set; which one is kept for whoever counts its samples.
  const held = callOf(object);
  if (held === undefined) return unknown(at);
  return held.attributes.get(`[${key.value}]`) ?? { kind: 'call', at, call: { ...held, callee: '[]', receiver: object, args: [key], keywords: new Map(), attributes: new Map() } };
}

function slice(machine: Machine, items: readonly Value[], node: SyntaxNode, scope: Scope, at: Value['at']): Value {
  const [from, to] = node.text.split(':').map((part) => part.trim());
  const bound = (part: string | undefined, otherwise: number): number | undefined =>
    part === undefined || part === '' ? otherwise : numberOf(machine.evaluate(node.children.find(({ text: own }) => own === part), scope));
  const [start, end] = [bound(from, 0), bound(to, items.length)];
  return start === undefined || end === undefined ? unknown(at) : { kind: 'list', items: items.slice(start, end), at };
}

function list(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const at = machine.place(node);
  const items: Value[] = [];
  for (const child of node.children) {
    if (child.type === 'comment') continue;
    if (items.length >= maxItems) return unknown(at);
    if (child.type !== 'list_splat') items.push(machine.evaluate(child, scope));
    else {
      const inner = machine.evaluate(child.children[0], scope);
      if (inner.kind !== 'list' || inner.items.length + items.length > maxItems) return unknown(at);
      items.push(...inner.items);
    }
  }
  return { kind: 'list', items, at };
}

function dictionary(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const entries = new Map<string, Value>();
  for (const child of node.children) {
    if (child.type === 'dictionary_splat') {
      const inner = machine.evaluate(child.children[0], scope);
      if (inner.kind === 'dict') for (const [key, value] of inner.entries) entries.set(key, value);
    } else if (child.type === 'pair') {
      const key = machine.evaluate(child.field('key'), scope);
      const value = machine.evaluate(child.field('value'), scope);
      if (key.kind === 'scalar') entries.set(String(key.value), value);
    }
  }
  return { kind: 'dict', entries, at: machine.place(node) };
}

function either(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const and = node.field('operator')?.text === 'and';
  const left = machine.evaluate(node.field('left'), scope);
  const held = truth(left);
  if (held !== undefined) return held === and ? machine.evaluate(node.field('right'), scope) : left;
  const right = machine.evaluate(node.field('right'), scope);
  // Whatever the left side is, one false part makes an `and` false, and one true part an `or` true.
  return truth(right) === !and ? right : unknown(machine.place(node));
}

function comparison(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const at = machine.place(node);
  const [first, second, ...more] = node.children;
  if (first === undefined || second === undefined || more.length > 0) return unknown(at);
  const [left, right] = [machine.evaluate(first, scope), machine.evaluate(second, scope)];
  const operator = node.field('operators')?.text ?? '';
  const among = right.kind === 'list' ? right.items : right.kind === 'dict' ? [...right.entries.keys()].map((key) => scalar(key, at)) : undefined;
  if (among !== undefined && (operator === 'in' || operator === 'not in')) {
    if (left.kind !== 'scalar' || among.some(({ kind }) => kind !== 'scalar')) return unknown(at);
    return scalar(among.some((item) => same(item, left)) === (operator === 'in'), at);
  }
  const device = onCuda(first.text, second.text, right);
  if (device !== undefined && left.kind !== 'scalar' && /^(==|!=|is|is not)$/.test(operator)) return scalar(device === (operator === '==' || operator === 'is'), at);
  if (left.kind !== 'scalar' || right.kind !== 'scalar') {
    if (right.kind !== 'scalar' || right.value !== null || left.kind === 'unknown' || left.kind === 'name') return unknown(at);
    return scalar(['is not', '!='].includes(operator), at);
  }
  const result = compare(operator, left.value, right.value);
  return result === undefined ? unknown(at) : scalar(result, at);
}

/** The machines that are rented have NVIDIA's cards: whatever asks for the kind of device has one answer. */
function onCuda(left: string, right: string, value: Value): boolean | undefined {
  if (!/device|backend|distributed_type/i.test(left)) return undefined;
  const word = value.kind === 'scalar' ? String(value.value) : value.kind === 'name' ? right.slice(right.lastIndexOf('.') + 1) : '';
  if (/^cuda$/i.test(word)) return true;
  return /^(xla|tpu|xpu|npu|mps|hpu|cpu|multi_cpu)$/i.test(word) ? false : undefined;
}

function conditional(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const [yes, condition, no] = node.children;
  const held = truth(machine.evaluate(condition, scope));
  if (held !== undefined) return machine.evaluate(held ? yes : no, scope);
  const [left, right] = [machine.evaluate(yes, scope), machine.evaluate(no, scope)];
  return same(left, right) ? left : unknown(machine.place(node));
}
