// The rules of the source as functions over a made-up or a real set of files, so that each can be shown to fail.
import { posix } from 'node:path';

/** One file of the source: its path below src, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const adapters = { packages: true, node: true, folders: ['domain', 'guard', 'scripts'] };

interface Rule {
  readonly packages?: boolean;
  readonly node?: boolean;
  readonly vscode?: boolean;
  /** Other folders that may be imported; '*' is every one. */
  readonly folders: readonly string[];
  /** Single files of other folders. */
  readonly files?: readonly RegExp[];
}

/** Who may import whom. A folder that is not here may import nothing but itself. */
const rules: Readonly<Record<string, Rule>> = {
  domain: { folders: [] },
  estimate: { folders: ['domain'] },
  services: { folders: ['domain', 'estimate', 'scripts'] },
  // Shell programs that machines are sent, and the reading of what they answer: text and nothing else.
  scripts: { folders: ['domain'] },
  providers: adapters,
  ssh: adapters,
  store: adapters,
  syntax: adapters,
  // What the guard is sent, told and says: shared by whoever speaks with it.
  guard: { node: true, folders: ['domain'] },
  practice: { packages: true, node: true, folders: [] },
  ui: { packages: true, node: true, vscode: true, folders: ['domain', 'estimate', 'services'], files: [/^webview\/.*messages?\.ts$/i] },
  webview: { packages: true, folders: [], files: [/^domain\/money\.ts$/] },
  headless: { packages: true, node: true, folders: ['*'] },
  // Files directly under src: the wiring.
  '': { packages: true, node: true, folders: ['*'] },
};

const nameless = '(not a literal)';

/** Every module the text names: import, export from, import(), require() and the import types. */
export function importsOf(text: string): string[] {
  const code = withoutComments(text);
  const specifiers: string[] = [];
  // `from` is searched only up to the next quote or semicolon, so that it belongs to this statement.
  for (const [, , name] of code.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*(['"])(.*?)\1/gm)) specifiers.push(name ?? '');
  for (const [, , name] of code.matchAll(/^\s*import\s*(['"])(.*?)\1/gm)) specifiers.push(name ?? '');
  for (const [, argument = ''] of code.matchAll(/\b(?:import|require)\s*\(\s*([^),]*)/g)) {
    specifiers.push(/^(['"])(.*)\1\s*$/.exec(argument)?.[2] ?? nameless);
  }
  return specifiers;
}

/** Strings are matched so that a // inside one is not taken for a comment. */
export function withoutComments(text: string): string {
  const pieces = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return text.replace(pieces, (piece) => (/^\/[/*]/.test(piece) ? ' ' : piece));
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** One sentence for every import that breaks a rule. */
export function layerViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => importsOf(file.text).flatMap((specifier) => {
    const reason = refusal(file.path, specifier);
    return reason === undefined ? [] : [`${file.path} imports ${specifier}: ${reason}`];
  }));
}

function refusal(path: string, specifier: string): string | undefined {
  const from = folderOf(path);
  const rule = rules[from] ?? { folders: [] };
  if (specifier === nameless) return 'an import that is computed cannot be checked';
  if (specifier === 'vscode') return rule.vscode || path === 'extension.ts' ? undefined : 'only ui and extension.ts may name vscode';
  if (specifier.startsWith('node:')) return rule.node ? undefined : `${from} may not use node`;
  if (!specifier.startsWith('.')) return rule.packages ? undefined : `${from} may not use packages`;
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  const to = folderOf(target);
  if (target.startsWith('..')) return 'it lies outside the source';
  if (from === to && from !== '') return undefined;
  if (target === 'extension.ts') return 'nothing stands above extension.ts';
  if (rule.folders.includes('*')) return from === 'headless' && to === 'ui' ? 'headless has no editor' : undefined;
  if (rule.folders.includes(to) || rule.files?.some((pattern) => pattern.test(target))) return undefined;
  return `${from} may not know ${to === '' ? 'the wiring' : to}`;
}

export function namesVscode(file: SourceFile): boolean {
  return importsOf(file.text).includes('vscode');
}

export function hasDefaultExport({ text }: SourceFile): boolean {
  return /^\s*export\s+default\b|^\s*export\s*\{[^}]*\bas\s+default\b/m.test(withoutComments(text));
}

/** A file that only passes on what others export hides where things are. */
export function isBarrel({ path, text }: SourceFile): boolean {
  const code = withoutComments(text);
  const rest = code.replaceAll(/^\s*export\s[^'";]*?\bfrom\s*(['"]).*?\1;?/gm, '');
  return posix.basename(path).startsWith('index.') || (code.trim() !== '' && rest.trim() === '');
}

/** Lines of the function's body with its braces; it must be declared at the left margin. */
export function linesOfFunction(text: string, name: string): number | undefined {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => new RegExp(`^export (?:async )?function ${name}\\b`).test(line));
  const length = lines.slice(start).findIndex((line) => line.startsWith('}'));
  return start < 0 || length < 0 ? undefined : length + 1;
}
