/**
 * Collects the Python files that a script imports from its own workspace, and what those import. The reader is handed
 * all of them and opens none: how a file is read is the caller's business, and so is what it may not read.
 */
import type { SourceFile } from '../../../domain/source.ts';
import { modulePaths } from './modules.ts';

/** The text of a file, or undefined where there is none, or none that may be read. */
export type ReadFile = (path: string) => Promise<string | undefined>;

const deepest = 5;
const mostFiles = 30;
const mostCharacters = 2_000_000;
/** The reader refuses longer ones. */
const longest = 400_000;

/** Those that are not among `files` yet, nearest first. The first of `files` is the script. */
export async function gatherImports(files: readonly SourceFile[], read: ReadFile): Promise<SourceFile[]> {
  const script = files[0]?.path ?? '';
  const seen = new Set(files.map(({ path }) => path));
  const found: SourceFile[] = [];
  let characters = 0;
  let next = files.filter(({ path }) => /\.(py|ipynb)$/.test(path));
  for (let depth = 0; depth < deepest && next.length > 0; depth += 1) {
    const level: SourceFile[] = [];
    for (const file of next) {
      for (const name of importsIn(file.text)) {
        for (const path of modulePaths(name, file.path, script)) {
          if (seen.has(path)) break;
          if (found.length >= mostFiles || characters >= mostCharacters) return found;
          const text = await read(path);
          if (text === undefined) continue;
          seen.add(path);
          characters += text.length;
          if (text.length <= longest) {
            level.push({ path, text });
            found.push({ path, text });
          }
          break;
        }
      }
    }
    next = level;
  }
  return found;
}

const mostNames = 100;
/** A cell of a notebook holds its lines as strings. */
const statement = /^[ \t]*"?[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]{0,2000}\)|[^\n#]{1,500})|import[ \t]+([\w., \t]{1,500}))/gm;

/** Modules that a text names; what is imported out of a package may be a module itself. */
export function importsIn(text: string): readonly string[] {
  const names = new Set<string>();
  for (const [, module, parts, plain] of text.slice(0, longest).matchAll(statement)) {
    if (module !== undefined && module !== '') {
      names.add(module);
      for (const [, name = ''] of (parts ?? '').matchAll(/(?:^|[(,])\s*([A-Za-z_]\w*)/g)) names.add(module.endsWith('.') ? `${module}${name}` : `${module}.${name}`);
    }
    for (const part of (plain ?? '').split(',')) {
      const [name = ''] = part.trim().split(/\s/);
      if (name !== '') names.add(name);
    }
    if (names.size >= mostNames) break;
  }
  return [...names].slice(0, mostNames);
}
