import { globSync, readFileSync } from 'node:fs';

const root = new URL('../../../../', import.meta.url);

export interface Call {
  readonly file: string;
  /** Undefined where the text is not written out at the call, so that no translator would ever see it. */
  readonly message: string | undefined;
}

/** Every `t(…)` in the interface and of an estimate, with the text it begins with. */
export function translatableCalls(): Call[] {
  return globSync(['src/ui/**/*.ts', 'src/estimate/words*.ts', 'src/estimate/advice/*.ts'], { cwd: root }).flatMap((file) => {
    const source = readFileSync(new URL(file, root), 'utf8');
    return [...source.matchAll(/\bt\(\s*(?:'((?:[^'\\]|\\.)*)')?/g)]
      .map(([, literal]) => ({ file, message: literal?.replace(/\\(.)/g, '$1') }));
  });
}

export const bundle = (path: string): Record<string, string> => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
export const translations = (pattern: string): string[] => globSync(pattern, { cwd: root });
