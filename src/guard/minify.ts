/**
 * Makes guard.sh small enough for a start text: Vast takes 4,096 characters in all. It knows this one
 * script and no shell grammar, so the script keeps to what it knows: comments stand alone, except for the
 * last one of a line, which names whom the line is for; our names have an underscore, and nothing else does;
 * a redirection behind a blank and no digit is one, also in what is handed to other languages.
 */

/** Whom a line can be for: `#vast`, `#runpod-http`. A line without a name is for everybody. */
export type Tag = 'vast' | 'runpod' | 'http' | 'https';

const tagged = /^(.*?)\s+#([a-z]+(?:-[a-z]+)*)$/;

export const minify = (script: string, tags: readonly Tag[]): string =>
  shorten(linesFor(script, tags))
    .replaceAll(/[ \t]*(&&|\|\||;|\|)[ \t]*/g, '$1')
    .replaceAll(';;\n', ';;')
    .replaceAll('() {', '(){')
    .replaceAll(/(?<=[^\d\s;&|]) (?=[<>][^ ])/g, '')
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

/**
 * Short names in the order of use. Any order is right; this one was found by swapping names many thousand times, and
 * Vast's guard packs some sixty characters smaller with it than with letters by frequency.
 */
const functionNames = 'U u z d N M A O D F v R i e j K S q W B P H I L C E y T'.split(' ');
const variableNames = 'es en y H eh ei e et P O u A d ee eu el I C er eb j F U eo q J i T v ex R ef E B D Z ed ew ea z ec S Q eg em W L N ep M V K'.split(' ');
const moreNames = Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => `q${letter}`);

/** Functions and variables do not meet in a shell, so both may be called the same. */
function shorten(script: string): string {
  // The loop around the guard keeps its text in G.
  const taken = new Set([...script.matchAll(/(?<![\w-])[A-Za-z]{1,2}(?!\w)/g)].map(([word]) => word).concat('G'));
  const functions = new Set(found(script, /^([a-z]+_[a-z]+)\(\)/gm));
  const variables = new Set([...found(script, /(?:^|[\s;{(])([a-z]+_[a-z]+)=/gm), ...found(script, /read -r ([a-z]+_[a-z]+)/g)]);
  return [{ names: functions, short: functionNames }, { names: variables, short: variableNames }].reduce((text, { names, short }) => {
    const free = [...short, ...moreNames].filter((name) => !taken.has(name));
    return byUse(script, names).reduce((done, name, at) => done.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), free[at] ?? name), text);
  }, script);
}

const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);

function byUse(text: string, names: ReadonlySet<string>): string[] {
  const uses = (name: string): number => text.split(new RegExp(`\\b${name}\\b`)).length;
  return [...names].toSorted((a, b) => uses(b) - uses(a) || (a < b ? -1 : 1));
}
