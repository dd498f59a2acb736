/**
 * Which files of a folder stay here: `.gitignore` as git reads it, `.gpuignore` in the same language, and before both a
 * list of what nobody means to send. A later line outdoes an earlier one, so .gpuignore can take a default back.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { incomingName } from './item.ts';

const usual = [
  // what is made anew on the machine, or belongs to this computer
  '.git/', '.hg/', '.svn/', 'node_modules/', 'venv/', '.venv/', 'env/bin/', '__pycache__/', '*.py[cod]', '.mypy_cache/',
  '.pytest_cache/', '.ruff_cache/', '.tox/', '.ipynb_checkpoints/', '.DS_Store', 'Thumbs.db', '.gpu-rental/',
];
const secret = [
  '.env', '.env.*', '!.env.example', '!.env.sample', '!.env.template', '*.pem', '*.key', '*.p12', '*.pfx', '*.ppk', 'id_rsa', 'id_dsa', 'id_ecdsa', 'id_ed25519',
  '.ssh/', '.aws/', '.gnupg/', '.kube/', '.azure/', '.config/gcloud/', '.netrc', '_netrc', '.pypirc', '.npmrc', '.git-credentials',
  'credentials.json', 'credentials*.json', 'service-account*.json', 'kaggle.json', 'vast_api_key', '.vast_api_key', '.huggingface/',
];
const why = {
  usual: 'Left out unless .gpuignore says otherwise (!name).',
  secret: 'It usually holds keys or passwords, and stays here unless .gpuignore says otherwise (!name).',
  '.gitignore': 'Left out by .gitignore.',
  '.gpuignore': 'Left out by .gpuignore.',
} as const;
type Mark = keyof typeof why;

/** What goes for one folder, and for those in it until they say more. */
export class Rules {
  readonly #root: string;
  /**
   * Two, because `!*` in a .gitignore means to take back only what that file leaves out: it must not send the
   * repository itself, or the keys that lie in it. What .gpuignore says is in both.
   */
  readonly #from: Matchers;
  #matchers: Matchers;
  #asked = 0;

  private constructor(root: string, from: Matchers) {
    this.#root = root;
    this.#from = from;
    this.#matchers = copied(from);
  }

  /** With what the folders above say, where this one lies in a git repository. */
  static async of(root: string): Promise<Rules> {
    const [defaults, git] = [fresh(), fresh()];
    add(defaults, 'usual', usual);
    add(defaults, 'secret', secret);
    const top = await repositoryOf(root);
    if (top !== undefined) {
      add(git, '.gitignore', rebased(await linesOf(join(top, '.git', 'info', 'exclude')), top, root));
      for (const folder of between(top, root)) add(git, '.gitignore', rebased(await linesOf(join(folder, '.gitignore')), folder, root));
    }
    return new Rules(root, [defaults, git]).in('');
  }

  /** `folder` is below the root, and the empty text is the root itself. */
  async in(folder: string): Promise<Rules> {
    const [defaults, git] = copied(this.#from);
    const said = async (name: Mark): Promise<string[]> => (await linesOf(join(this.#root, folder, name))).flatMap((line) => below(folder, line));
    add(git, '.gitignore', await said('.gitignore'));
    const own = await said('.gpuignore');
    add(defaults, '.gpuignore', own);
    add(git, '.gpuignore', own);
    return new Rules(this.#root, [defaults, git]);
  }

  /** Undefined for what is to be sent. */
  leavesOut(path: string, isFolder: boolean): string | undefined {
    // A matcher remembers every path that it was asked about.
    if (++this.#asked % 5000 === 0) this.#matchers = copied(this.#from);
    for (const matcher of this.#matchers) {
      const { ignored, rule } = matcher.test(isFolder ? `${path}/` : path);
      if (ignored) return why[(rule?.mark ?? 'usual') as Mark];
    }
    return undefined;
  }
}

type Matchers = readonly [defaults: Ignore, git: Ignore];
const copied = ([defaults, git]: Matchers): Matchers => [fresh().add(defaults), fresh().add(git)];

export const isOwn = (name: string): boolean => name === incomingName;

const fresh = (): Ignore => ignore({ ignorecase: process.platform === 'win32' || process.platform === 'darwin' });
const add = (to: Ignore, mark: Mark, patterns: readonly string[]): void => void to.add(patterns.map((pattern) => ({ pattern, mark })));

async function linesOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
}

/** The same pattern, said at the root about `folder`. */
function below(folder: string, line: string): string[] {
  if (folder === '') return [line];
  const { not, pattern, anchored } = read(line);
  return pattern === '' ? [] : [`${not}/${literal(folder)}/${anchored ? '' : '**/'}${pattern}`];
}

/** Patterns of a folder above the root, as far as they can say anything about what lies below it. */
function rebased(lines: readonly string[], above: string, root: string): string[] {
  const path = relative(above, root).split(/[\\/]/).filter((name) => name !== '');
  return lines.flatMap((line) => {
    const { not, pattern, anchored } = read(line);
    if (path.length === 0 || !anchored) return [line];
    const names = pattern.split('/');
    for (const [at, name] of path.entries()) {
      if (names[at] === '**') return [`${not}/${names.slice(at).join('/')}`];
      if (names[at] === undefined || !ignore().add(names[at]).ignores(name)) return [];
    }
    const rest = names.slice(path.length).join('/');
    return rest === '' ? [] : [`${not}/${rest}`];
  });
}

function read(line: string): { readonly not: '' | '!'; readonly pattern: string; readonly anchored: boolean } {
  const not = line.startsWith('!') ? '!' : '';
  const pattern = line.slice(not.length);
  return { not, pattern: pattern.replace(/^\//, ''), anchored: pattern.replace(/\/\s*$/, '').includes('/') };
}

const literal = (path: string): string => path.replace(/[\\*?[\]!# ]/g, '\\$&');

async function repositoryOf(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    if (await stat(join(at, '.git')).then(() => true, () => false)) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** The folders from `top` down to the one above `root`. */
function between(top: string, root: string): string[] {
  const found: string[] = [];
  for (let at = root; at !== top; ) found.unshift((at = dirname(at)));
  return found;
}
