/**
 * What the parts of the interpreter share. It goes through a script once, in the order in which Python would, with
 * every call of what it cannot see recorded instead of made. Nothing is ever executed.
 */
import type { SyntaxNode } from '../../../domain/source.ts';
import type { Call, Here, Loop, Place, Scope, Value } from './value.ts';

export interface Frame {
  readonly scope: Scope;
  readonly returns: Value[];
  /** Names that `global` gives to the module. */
  readonly globals: Set<string>;
}

export interface Machine {
  /** The file that is being gone through: functions of another one keep theirs. */
  here: Here;
  readonly module: Scope;
  /** Files of the workspace that were imported, by their path, and how deep inside of imports this is. */
  readonly modules: Map<string, Extract<Value, { kind: 'module' }>>;
  importing: number;
  readonly calls: Call[];
  readonly loops: Loop[];
  /** `cfg.SOLVER.MAX_ITER = 3`, `self.num_epochs = 1000`, `config["x"] = 1`, in the order in which they come. */
  readonly attributes: { readonly path: string; readonly value: Value; readonly certain: boolean }[];
  /** The last value of every plain name, in whatever function. */
  readonly assigned: Map<string, Value>;
  /** What `add_argument` and its like declared, and what the command line says: without dashes, with underscores. */
  readonly declared: Map<string, Value>;
  readonly commandLine: ReadonlyMap<string, Value>;
  readonly environment: ReadonlyMap<string, string>;
  /** Processes of the job where a launcher says so. */
  readonly world: number | undefined;
  /** Functions outside of classes, in the order in which they were defined. */
  readonly functions: Extract<Value, { kind: 'function' }>[];
  /** Functions that were gone through, so that the rest can be. */
  readonly visited: Set<SyntaxNode>;
  certain: boolean;
  depth: number;
  /** Steps that are left; at zero everything is unknown and the end comes quickly. */
  budget: number;
  place(node: SyntaxNode, certainty?: Place['certainty'], note?: string): Place;
  evaluate(node: SyntaxNode | undefined, scope: Scope): Value;
  /** True when a `return` was certainly reached. */
  run(node: SyntaxNode, frame: Frame): boolean;
  /** The file of a module, as `from` would import it; undefined for what is no file of the workspace. */
  moduleFile(name: string, from: string): { readonly path: string; readonly root: SyntaxNode } | undefined;
  /** A config file that the script reads by this path, as a value. */
  configFile(path: string): Value | undefined;
  /** nanoGPT and its like: `exec(open(...).read())` takes another file's assignments over this one's. */
  readonly executed: ReadonlyMap<string, Value>;
}

export function lookUp(name: string, scope: Scope): Value | undefined {
  for (let inside: Scope | undefined = scope; inside !== undefined; inside = inside.parent) {
    const found = inside.names.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
