/** Words of shell text with the lines they stand on: quotes, continuation lines, comments and variables, no more. */
export interface Word {
  readonly text: string;
  readonly line: number;
  /** It holds something that only a shell would know: `$1`, `$(nvidia-smi -L | wc -l)`. */
  readonly open: boolean;
}

export interface Statement {
  readonly words: readonly Word[];
  readonly environment: ReadonlyMap<string, string>;
}

const longest = 200_000;

/** The statements of a text in their order, with the variables that are set when each of them runs. */
export function shellStatements(text: string): Statement[] {
  const variables = new Map<string, string>();
  return split(text.slice(0, longest)).flatMap((raw): Statement[] => {
    const words = raw.map((word) => expand(word, variables));
    const own = new Map(variables);
    let first = 0;
    for (; first < words.length; first += 1) {
      const word = words[first];
      if (word === undefined) break;
      if (['export', 'set', 'env', 'local', 'declare'].includes(word.text)) continue;
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word.text) ?? [];
      if (name === undefined || value === undefined) break;
      if (word.open) own.delete(name);
      else own.set(name, value);
    }
    if (first < words.length) return [{ words: words.slice(first), environment: own }];
    variables.clear();
    for (const [name, value] of own) variables.set(name, value);
    return [];
  });
}

interface RawWord { readonly line: number; readonly parts: { readonly text: string; readonly literal: boolean }[] }

function split(text: string): RawWord[][] {
  const statements: RawWord[][] = [[]];
  let line = 1;
  let word: RawWord | undefined;
  const add = (piece: string, literal: boolean): void => {
    word ??= { line, parts: [] };
    const last = word.parts.at(-1);
    if (last?.literal === literal) word.parts[word.parts.length - 1] = { text: last.text + piece, literal };
    else word.parts.push({ text: piece, literal });
  };
  const endWord = (): void => {
    if (word) statements.at(-1)?.push(word);
    word = undefined;
  };
  const endStatement = (): void => {
    endWord();
    if (statements.at(-1)?.length !== 0) statements.push([]);
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\' || (/[\^`]/.test(character) && /^.[ \t\r]*\n/.test(text.slice(at, at + 20)))) {
      const next = text.charAt(at + 1) === '\r' ? text.charAt(at + 2) : text.charAt(at + 1);
      // People leave blanks behind the stroke; a shell would not take it, a reader may. Windows has its own two.
      const blanks = /^.[ \t\r]*\n/.exec(text.slice(at, at + 40));
      if (blanks) {
        endWord();
        line += 1;
        at += blanks[0].length - 1;
      } else {
        add(next, true);
        at += 1;
      }
    } else if (character === "'" || character === '"') {
      const end = text.indexOf(character, at + 1);
      const inner = text.slice(at + 1, end === -1 ? text.length : end);
      add(inner, character === "'");
      line += inner.split('\n').length - 1;
      at = end === -1 ? text.length : end;
    } else if (character === '$' && text.charAt(at + 1) === '(') {
      const end = closing(text, at + 1);
      add(text.slice(at, end + 1), false);
      line += text.slice(at, end + 1).split('\n').length - 1;
      at = end;
    } else if (character === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end - 1;
    } else if (character === '\n') {
      // Documents lose their strokes on the way: a line of flags belongs to the command above it.
      if (/^\n[ \t]+--[a-z]/.test(text.slice(at, at + 40))) endWord();
      else endStatement();
      line += 1;
    } else if (';|&'.includes(character)) endStatement();
    else if (/\s/.test(character)) endWord();
    else add(character, false);
  }
  endStatement();
  return statements.filter(({ length }) => length > 0);
}

function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text.charAt(at) === '(') depth += 1;
    if (text.charAt(at) === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length - 1;
}

function expand({ line, parts }: RawWord, variables: ReadonlyMap<string, string>): Word {
  let open = false;
  const text = parts.map((part) => (part.literal ? part.text : part.text.replaceAll(
    /\$\(\(([^()]*)\)\)|\$\([^)]*\)+|\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+|[@#*?])/g,
    (whole, sum: string | undefined, braced: string | undefined, otherwise: string | undefined, bare: string | undefined) => {
      const value = sum === undefined ? variables.get(braced ?? bare ?? '') ?? otherwise : product(sum, variables);
      if (value === undefined || value.length > 1_000) open = true;
      return value === undefined || value.length > 1_000 ? whole : value;
    }))).join('');
  return { text, line, open };
}

/** `$((8 * 4))` and `$((TOTAL / GPUS / MICRO))`. */
function product(sum: string, variables: ReadonlyMap<string, string>): string | undefined {
  const [head = '', ...rest] = sum.split(/([*/])/).map((part) => part.trim());
  const number = (name: string): number => Number(variables.get(name.replace(/^\$/, '')) ?? name);
  let result = number(head);
  for (let at = 0; at + 1 < rest.length; at += 2) result = rest[at] === '*' ? result * number(rest[at + 1] ?? '') : Math.floor(result / number(rest[at + 1] ?? ''));
  return Number.isFinite(result) ? String(result) : undefined;
}
