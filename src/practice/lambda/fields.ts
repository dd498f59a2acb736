// Reading a request's body. Fields that nobody knows are ignored, as Lambda ignores them.
import { Refusal } from './problems.ts';

export type Body = Readonly<Record<string, unknown>>;

export function bodyOf(body: unknown): Body {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal('global/invalid-parameters', 'Invalid request data: a JSON object is required.');
  return Object.fromEntries(Object.entries(body));
}

const wrong = (name: string, what: string): Refusal => new Refusal('global/invalid-parameters', `Invalid request data: ${name} ${what}.`);

/** Undefined where it is left out. */
export function text(body: Body, name: string, pattern = /^[\s\S]*$/): string | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !pattern.test(value)) throw wrong(name, `must be a string matching ${pattern.source}`);
  return value;
}

export function requiredText(body: Body, name: string, pattern?: RegExp): string {
  const value = text(body, name, pattern);
  if (value === undefined) throw wrong(name, 'is required');
  return value;
}

export function texts(body: Body, name: string): readonly string[] {
  const value = body[name] ?? [];
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) throw wrong(name, 'must be a list of strings');
  return value;
}

export function objects(body: Body, name: string): readonly Body[] {
  const value = body[name] ?? [];
  if (!Array.isArray(value)) throw wrong(name, 'must be a list');
  return value.map(bodyOf);
}
