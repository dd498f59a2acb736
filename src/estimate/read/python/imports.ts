/** Imports: of the workspace's own files, which are gone through once each, and of everything else, which is a name. */
import type { SyntaxNode } from '../../../domain/source.ts';
import type { Machine } from './machine.ts';
import { lastPart, type Place, type Scope, type Value } from './value.ts';

type Module = Extract<Value, { kind: 'module' }>;

const deepest = 6;
const most = 40;

/** The module of that name where it is a file of the workspace. One that imports itself, in a circle, is what it is so far. */
function moduleOf(machine: Machine, name: string, at: Place): Module | undefined {
  const found = machine.moduleFile(name, machine.here.file);
  if (found === undefined) return undefined;
  const known = machine.modules.get(found.path);
  if (known !== undefined) return known;
  if (machine.importing >= deepest || machine.modules.size >= most || machine.budget < 0) return undefined;
  const scope: Scope = { names: new Map() };
  const made: Module = { kind: 'module', name, names: scope.names, at };
  machine.modules.set(found.path, made);
  const { here } = machine;
  machine.here = { file: found.path, lineOf: (line) => line };
  machine.importing += 1;
  machine.run(found.root, { scope, returns: [], globals: new Set() });
  machine.importing -= 1;
  machine.here = here;
  return made;
}

export function importNames(machine: Machine, node: SyntaxNode, scope: Scope): void {
  const from = node.field('module_name');
  const at = machine.place(node);
  const module = from && moduleOf(machine, from.text, at);
  for (const child of node.children) {
    if (child === from) continue;
    if (child.type === 'wildcard_import') for (const [name, value] of module?.names ?? []) if (!name.startsWith('_')) scope.names.set(name, value);
    if (!['aliased_import', 'dotted_name'].includes(child.type)) continue;
    const full = child.type === 'aliased_import' ? child.field('name')?.text ?? '' : child.text;
    const alias = child.type === 'aliased_import' ? child.field('alias')?.text : undefined;
    if (from !== undefined) scope.names.set(alias ?? lastPart(full), module?.names.get(full) ?? partOf(machine, from.text, full, machine.place(child)));
    else if (alias !== undefined) scope.names.set(alias, moduleOf(machine, full, machine.place(child)) ?? named(full, machine.place(child)));
    else importWhole(machine, full, scope, machine.place(child));
  }
}

/** `from package import module`, or something of a package that is not read. */
const partOf = (machine: Machine, module: string, name: string, at: Place): Value =>
  moduleOf(machine, module.endsWith('.') ? `${module}${name}` : `${module}.${name}`, at) ?? named(`${module}.${name}`, at);

const named = (name: string, at: Place): Value => ({ kind: 'name', name, at });

/** `import a.b.c` gives the name `a`, and `c` is found through it. */
function importWhole(machine: Machine, full: string, scope: Scope, at: Place): void {
  const [head = full, ...rest] = full.split('.');
  const module = moduleOf(machine, full, at);
  if (module === undefined || rest.length === 0) {
    scope.names.set(head, module ?? named(head, at));
    return;
  }
  const before = scope.names.get(head);
  const names = new Map(before?.kind === 'module' ? before.names : []);
  names.set(rest[0] ?? '', rest.slice(1).toReversed().reduce<Value>((inner, name) => ({ kind: 'module', name, names: new Map([[name, inner]]), at }), module));
  scope.names.set(head, { kind: 'module', name: head, names, at });
}
