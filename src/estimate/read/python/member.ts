import type { Machine } from './machine.ts';
import { callOf, type Place, scalar, unknown, type Value } from './value.ts';

/** `object.name`, for whatever the object is. */
export function member(machine: Machine, object: Value, name: string, at: Place): Value {
  if (object.kind === 'name') return { kind: 'name', name: `${object.name}.${name}`, at };
  if (object.kind === 'module') return object.names.get(name) ?? { kind: 'name', name: `${object.name}.${name}`, at };
  if (object.kind === 'dict') return object.entries.get(name) ?? unknown(at);
  if (object.kind === 'class') return object.definition.members.get(name) ?? unknown(at);
  const held = callOf(object);
  if (held === undefined) return unknown(at);
  const found = held.attributes.get(name) ?? held.keywords.get(name);
  if (found !== undefined) return found;
  if (['num_processes', 'world_size'].includes(name) && machine.world !== undefined) return scalar(machine.world, at);
  const own = held.of?.members.get(name);
  return own?.kind === 'function' ? { ...own, self: object } : own ?? unknown(at);
}
