/**
 * The parsers of everything that a training job is written in, behind the port that the reader of scripts knows.
 * The grammar is a WebAssembly file of half a megabyte: whoever needs it loads this module by import(), so that
 * nothing of it lies on the way of activation.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Language, Parser } from 'web-tree-sitter';
import type { Parsers } from '../domain/source.ts';
import { parseJson } from './json.ts';
import { parsePython } from './python.ts';
import { parseToml } from './toml.ts';
import { parseYaml } from './yaml.ts';

const runtime = 'web-tree-sitter.wasm';
const grammar = 'tree-sitter-python.wasm';

/** `wasmFolder` holds the runtime and the grammar; without it they are looked for beside the bundle, then in the packages. */
export async function loadParsers(wasmFolder?: string): Promise<Parsers> {
  const files = locate(wasmFolder);
  await Parser.init({ locateFile: () => files.runtime });
  const parser = new Parser();
  parser.setLanguage(await Language.load(files.grammar));
  return {
    python: (text) => unlessBroken(() => parsePython(parser, text)),
    yaml: (text) => unlessBroken(() => parseYaml(text)),
    toml: (text) => unlessBroken(() => parseToml(text)),
    json: (text) => unlessBroken(() => parseJson(text)),
  };
}

function locate(wasmFolder: string | undefined): { readonly runtime: string; readonly grammar: string } {
  const here = import.meta.dirname;
  // A bundle puts this module into dist/chunks, or into dist itself.
  const folder = wasmFolder ?? [here, dirname(here)].find((candidate) => existsSync(join(candidate, grammar)));
  if (folder !== undefined) return { runtime: join(folder, runtime), grammar: join(folder, grammar) };
  return { runtime: inPackage(`web-tree-sitter/${runtime}`), grammar: inPackage(`tree-sitter-python/${grammar}`) };
}

const inPackage = (specifier: string): string => fileURLToPath(import.meta.resolve(specifier));

/** The packages throw on what they cannot make sense of, and run out of stack on ten thousand open brackets. */
function unlessBroken<T>(parse: () => T | undefined): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
