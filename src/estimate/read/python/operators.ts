/** Python's arithmetic on known numbers. Undefined is unknown; what overflows stays infinite and is refused later. */
import type { Scalar } from '../../../domain/source.ts';

const numeric = (value: Scalar): number | undefined => (typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : undefined);
/** No name or path in a script is longer; `'x' * 10 ** 9` is no reason to fill the memory. */
const longest = 4_000;

export function binary(operator: string, left: Scalar, right: Scalar): Scalar | undefined {
  if (typeof left === 'string' && typeof right === 'string' && operator === '+') return left.length + right.length > longest ? undefined : left + right;
  if (typeof left === 'string' && operator === '/') return undefined;
  const [a, b] = [numeric(left), numeric(right)];
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return b === 0 ? undefined : a / b;
    case '//': return b === 0 ? undefined : Math.floor(a / b);
    case '%': return b === 0 ? undefined : a - b * Math.floor(a / b);
    case '**': return a ** b;
    case '<<': return b >= 0 && b < 64 ? a * 2 ** b : undefined;
    case '>>': return b >= 0 && b < 64 ? Math.floor(a / 2 ** b) : undefined;
    default: return undefined;
  }
}

export function compare(operator: string, left: Scalar, right: Scalar): boolean | undefined {
  if (operator === '==' || operator === '!=' || operator === 'is' || operator === 'is not') {
    const [a, b] = [numeric(left) ?? left, numeric(right) ?? right];
    return (a === b) === (operator === '==' || operator === 'is');
  }
  if (typeof left === 'string' && typeof right === 'string') {
    if (operator === 'in') return right.includes(left);
    if (operator === 'not in') return !right.includes(left);
  }
  const [a, b] = [numeric(left), numeric(right)];
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '<': return a < b;
    case '>': return a > b;
    case '<=': return a <= b;
    case '>=': return a >= b;
    default: return undefined;
  }
}

/** `1_000`, `0x10`, `1e-4`, `5.` as Python writes them. */
export function numberLiteral(text: string): number | undefined {
  const plain = text.replaceAll('_', '');
  if (!/^(?:0[xob][\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.test(plain)) return undefined;
  return Number(plain);
}

/** The value of a string without its quotes; escapes stay as they are, as nothing here depends on them. */
export const contentOf = (literal: string): string => {
  const [, quotes = ''] = /^[a-z]*("""|'''|"|')/i.exec(literal) ?? [];
  const start = literal.indexOf(quotes) + quotes.length;
  return literal.slice(start, literal.endsWith(quotes) ? literal.length - quotes.length : undefined);
};
