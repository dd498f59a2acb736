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
  let next: readonly SourceFile[] = files.filter(({ path }) => /\.(py|ipynb)$/.test(path));
  for (let depth = 0; depth < deepest && next.length > 0; depth += 1) {
    const level: SourceFile[] = [];
    for (const file of await importedBy(next, script, seen, read)) {
      if (seen.has(file.path)) continue;
      if (found.length >= mostFiles || characters >= mostCharacters) return found;
      seen.add(file.path);
      characters += file.text.length;
      if (file.text.length > longest) continue;
      level.push(file);
      found.push(file);
    }
    next = level;
  }
  return found;
}

/** All at once: a workspace may lie on another machine, and most of these paths are not there. */
async function importedBy(files: readonly SourceFile[], script: string, seen: ReadonlySet<string>, read: ReadFile): Promise<SourceFile[]> {
  const wanted = files.flatMap((file) => importsIn(file.text).map((name) => ({ file, name }))).slice(0, mostNamesALevel);
  const modules = new Map<string, Promise<SourceFile | undefined>>();
  for (const { file, name } of wanted) {
    const dot = name.lastIndexOf('.');
    const parent = dot > 0 ? modules.get(`${file.path} ${name.slice(0, dot)}`) : undefined;
    modules.set(`${file.path} ${name}`, moduleOf(modulePaths(name, file.path, script), parent));
  }
  const found = await Promise.all(modules.values());
  return found.filter((file) => file !== undefined);

  async function moduleOf(paths: readonly string[], parent: Promise<SourceFile | undefined> | undefined): Promise<SourceFile | undefined> {
    // What is imported out of a plain file is no file itself.
    const inside = await parent;
    if (inside !== undefined && !inside.path.endsWith('__init__.py')) return undefined;
    for (const path of paths) {
      if (seen.has(path)) return undefined;
      const text = await read(path);
      if (text !== undefined) return { path, text };
    }
    return undefined;
  }
}

const mostNamesALevel = 300;
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
