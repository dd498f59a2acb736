// Checks a body against a contract, in the words of the validator RunPod's
// server answers with: every violation, each with its path.

export interface Shape<T> {
  /** Adds what is wrong to `problems`; true when nothing was. */
  accepts(value: unknown, path: string, problems: string[]): value is T;
}

export type Shaped<S> = S extends Shape<infer T> ? T : never;
type ShapesOf<T> = { readonly [Key in keyof T]: Shape<T[Key]> };

export function text(rules: { readonly min?: number; readonly pattern?: RegExp } = {}): Shape<string> {
  return {
    accepts(value, path, problems): value is string {
      if (typeof value !== 'string') return wrong(problems, path, `got ${kindOf(value)}, want string`);
      if (value.length < (rules.min ?? 0)) return wrong(problems, path, `minLength: got ${value.length}, want ${rules.min}`);
      return rules.pattern?.test(value) !== false || wrong(problems, path, `'${value}' does not match pattern '${rules.pattern.source}'`);
    },
  };
}

export function integer(min: number, max = Infinity): Shape<number> {
  return {
    accepts(value, path, problems): value is number {
      if (typeof value !== 'number' || !Number.isInteger(value)) return wrong(problems, path, `got ${kindOf(value)}, want integer`);
      if (value < min) return wrong(problems, path, `minimum: got ${value}, want ${min}`);
      return value <= max || wrong(problems, path, `maximum: got ${value}, want ${max}`);
    },
  };
}

export const flag: Shape<boolean> = {
  accepts: (value, path, problems): value is boolean => typeof value === 'boolean' || wrong(problems, path, `got ${kindOf(value)}, want boolean`),
};

export function oneOf<const T extends string>(...names: readonly T[]): Shape<T> {
  return {
    accepts: (value, path, problems): value is T =>
      names.some((name) => name === value) || wrong(problems, path, `value must be one of ${names.map((name) => `'${name}'`).join(', ')}`),
  };
}

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return { accepts: (value, path, problems): value is T | null => value === null || shape.accepts(value, path, problems) };
}

export function list<T>(items: Shape<T>, max = Infinity): Shape<readonly T[]> {
  return {
    accepts(value, path, problems): value is readonly T[] {
      if (!Array.isArray(value)) return wrong(problems, path, `got ${kindOf(value)}, want array`);
      if (value.length > max) wrong(problems, path, `maxItems: got ${value.length}, want ${max}`);
      const good = value.map((item, index) => items.accepts(item, `${path}[${index}]`, problems));
      return value.length <= max && good.every(Boolean);
    },
  };
}

export function dictionary<T>(values: Shape<T>, max: number): Shape<Readonly<Record<string, T>>> {
  return {
    accepts(value, path, problems): value is Readonly<Record<string, T>> {
      if (!isObject(value)) return wrong(problems, path, `got ${kindOf(value)}, want object`);
      const entries = Object.entries(value);
      if (entries.length > max) wrong(problems, path, `maxProperties: got ${entries.length}, want ${max}`);
      const good = entries.map(([key, item]) => values.accepts(item, `${path}.${key}`, problems));
      return entries.length <= max && good.every(Boolean);
    },
  };
}

/** An object with these keys and no others. */
export function record<R, O>(required: ShapesOf<R>, optional: ShapesOf<O>): Shape<R & Partial<O>> {
  const shapes = new Map<string, Shape<unknown>>([...Object.entries<Shape<unknown>>(required), ...Object.entries<Shape<unknown>>(optional)]);
  return {
    accepts(value, path, problems): value is R & Partial<O> {
      if (!isObject(value)) return wrong(problems, path, `got ${kindOf(value)}, want object`);
      const before = problems.length;
      const missing = Object.keys(required).filter((key) => !Object.hasOwn(value, key));
      if (missing.length > 0) wrong(problems, path, `missing ${plural(missing, 'property', 'properties')} ${quoted(missing)}`);
      const strange = Object.keys(value).filter((key) => !shapes.has(key));
      if (strange.length > 0) wrong(problems, path, `additional properties ${quoted(strange)} not allowed`);
      for (const [key, shape] of shapes) {
        if (Object.hasOwn(value, key)) shape.accepts(Reflect.get(value, key), `${path}.${key}`, problems);
      }
      return problems.length === before;
    },
  };
}

function wrong(problems: string[], path: string, message: string): false {
  problems.push(`${path}: ${message}`);
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function plural(items: readonly unknown[], one: string, many: string): string {
  return items.length === 1 ? one : many;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
