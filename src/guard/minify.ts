/**
 * Makes guard.sh small enough for a start text: Vast takes 4,096 characters in all. It knows this one
 * script and no shell grammar, so the script keeps to what it knows: comments stand alone, except for the
 * last one of a line, which names whom the line is for; our names have an underscore, and nothing else does.
 */

/** Whom a line can be for: `#vast`, `#runpod-http`. A line without a name is for everybody. */
export type Tag = 'vast' | 'runpod' | 'http' | 'https';

const tagged = /^(.*?)\s+#([a-z]+(?:-[a-z]+)*)$/;

export const minify = (script: string, tags: readonly Tag[]): string =>
  shorten(linesFor(script, tags))
    .replaceAll(/[ \t]*(&&|\|\||;;|;|\|)[ \t]*/g, '$1')
    .replaceAll(/\$\(\((?:[^()]|\([^()]*\))*\)\)/g, (sum) => sum.replaceAll(/\s+/g, ''));

/** Without comments, indentation and what is for others: still to be read. */
export function linesFor(script: string, tags: readonly Tag[]): string {
  const lines = script.replaceAll('\r', '').split('\n').flatMap((line) => {
    const [, code = line, names = ''] = tagged.exec(line) ?? [];
    const wanted = names === '' || names.split('-').every((name) => tags.some((tag) => tag === name));
    const bare = code.trim();
    return !wanted || bare === '' || bare.startsWith('#') ? [] : [bare];
  });
  return lines.join('\n');
}

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const pairs = letters.map((letter) => letter + letter);

/** Functions and variables do not meet in a shell, so both begin at `a`; what is used most gets one letter. */
function shorten(script: string): string {
  // The loop around the guard keeps its text in G.
  const taken = new Set([...script.matchAll(/(?<![\w-])[A-Za-z](?!\w)/g)].map(([letter]) => letter).concat('G'));
  const functions = new Set(found(script, /^([a-z]+_[a-z]+)\(\)/gm));
  const variables = new Set([...found(script, /(?:^|[\s;{(])([a-z]+_[a-z]+)=/gm), ...found(script, /read -r ([a-z]+_[a-z]+)/g)]);
  return [functions, variables].reduce((text, names) => {
    const free = [...letters, ...pairs].filter((name) => !taken.has(name));
    return byUse(script, names).reduce((done, name, at) => done.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), free[at] ?? name), text);
  }, script);
}

const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);

function byUse(text: string, names: ReadonlySet<string>): string[] {
  const uses = (name: string): number => text.split(new RegExp(`\\b${name}\\b`)).length;
  return [...names].toSorted((a, b) => uses(b) - uses(a) || (a < b ? -1 : 1));
}
