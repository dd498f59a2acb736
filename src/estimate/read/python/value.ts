/**
 * What an expression of a script comes to, as far as that can be said without running it, and the place where it was
 * stated. A value that depends on anything unknown is unknown itself.
 */
import type { Scalar, SyntaxNode } from '../../../domain/source.ts';
import type { Certainty, Fact, FactSource } from '../../facts.ts';

/** Where a value was stated, in the form that a fact takes. */
export interface Place {
  readonly source: FactSource;
  readonly certainty: Certainty;
  readonly file: string;
  readonly line: number;
  readonly note?: string;
}

export type Value =
  | { readonly kind: 'unknown'; readonly at: Place }
  | { readonly kind: 'scalar'; readonly value: Scalar; readonly at: Place }
  | { readonly kind: 'list'; readonly items: Value[]; readonly at: Place }
  | { readonly kind: 'dict'; readonly entries: Map<string, Value>; readonly at: Place }
  /** Something of a module that is not read: `torch.bfloat16`, `transformers.Trainer`. */
  | { readonly kind: 'name'; readonly name: string; readonly at: Place }
  /** A file of the workspace, with the names that it gives. */
  | { readonly kind: 'module'; readonly name: string; readonly names: ReadonlyMap<string, Value>; readonly at: Place }
  | { readonly kind: 'call'; readonly call: Call; readonly at: Place }
  | { readonly kind: 'function'; readonly definition: FunctionDefinition; readonly self?: Value; readonly at: Place }
  | { readonly kind: 'class'; readonly definition: ClassDefinition; readonly at: Place };

/** A call of something that is not read, or an instance of a class of the script. */
export interface Call {
  /** With the module where that is known, `transformers.Trainer`; a method begins with a point, `.backward`. */
  readonly callee: string;
  readonly receiver?: Value;
  readonly args: readonly Value[];
  readonly keywords: Map<string, Value>;
  /** What was assigned to it later, or by its own `__init__`. */
  readonly attributes: Map<string, Value>;
  readonly of?: ClassDefinition;
  readonly place: Place;
  /** False inside of functions that nothing in the script calls, and under conditions that nobody can decide. */
  readonly certain: boolean;
}

/** A file, and from a line of the text that was parsed to its own: notebooks differ. */
export interface Here {
  readonly file: string;
  lineOf(line: number): number;
}

export interface FunctionDefinition {
  readonly name: string;
  readonly node: SyntaxNode;
  readonly scope: Scope;
  /** Where it is defined: what it says stands there. */
  readonly here: Here;
  /** Of the decorators: `hydra.main`, `click.option`. */
  readonly decorators: readonly Value[];
}

export interface ClassDefinition {
  readonly name: string;
  /** Names of all bases, those of bases in the script with theirs. */
  readonly bases: readonly string[];
  readonly members: Map<string, Value>;
  readonly file: string;
  readonly line: number;
}

export interface Scope {
  readonly names: Map<string, Value>;
  readonly parent?: Scope;
  /** Methods do not see the names of their class. */
  readonly ofClass?: boolean;
}

export interface Loop {
  readonly variable: string;
  readonly iterable: Value;
  readonly file: string;
  readonly line: number;
  /** Calls of the whole body lie between these two in the list of all calls. */
  readonly from: number;
  readonly to: number;
  readonly certain: boolean;
}

export const unknown = (at: Place): Value => ({ kind: 'unknown', at });
export const scalar = (value: Scalar, at: Place): Value => ({ kind: 'scalar', value, at });

export const scalarOf = (value: Value | undefined): Scalar | undefined => (value?.kind === 'scalar' ? value.value : undefined);
export function numberOf(value: Value | undefined): number | undefined {
  const held = scalarOf(value);
  return typeof held === 'number' ? held : undefined;
}
export function stringOf(value: Value | undefined): string | undefined {
  const held = scalarOf(value);
  return typeof held === 'string' ? held : undefined;
}
export const nameOf = (value: Value | undefined): string | undefined => (value?.kind === 'name' ? value.name : undefined);
export const callOf = (value: Value | undefined): Call | undefined => (value?.kind === 'call' ? value.call : undefined);

/** `Trainer` of `transformers.trainer.Trainer`; `backward` of `.backward`. */
export const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Undefined where nobody can tell. */
export function truth(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'scalar': return Boolean(value.value);
    case 'list': return value.items.length > 0;
    case 'dict': return value.entries.size > 0;
    case 'function': case 'class': case 'module': return true;
    case 'call': case 'name': case 'unknown': return undefined;
  }
}

/** Equal as far as a reader is concerned: two branches that come to this agree. */
export function same(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left.kind === 'scalar' && right.kind === 'scalar') return Object.is(left.value, right.value);
  if (left.kind === 'name' && right.kind === 'name') return left.name === right.name;
  return left.kind === 'unknown' && right.kind === 'unknown';
}

/** How a value appears in a fact. What a person typed into the panel stands in no file. */
export const placeOfFact = ({ source, certainty, file, line, note }: Place): Omit<Fact, 'name' | 'value'> =>
  ({ source, certainty, ...(file === '' ? {} : { file, line }), ...(note === undefined ? {} : { note }) });
