/** Hydra: a list of defaults names other files, whose maps lie under the name of their folder. */
import type { SourceFile } from '../../../domain/source.ts';
import { findFile, parsedFile } from './companion.ts';
import { type ConfigJob, tellGap } from './job.ts';
import { merged, type Node, textOf } from './node.ts';

const maxFiles = 50;

/** The whole that Hydra would compose, or the root itself where there is nothing to compose. */
export function composed(job: ConfigJob): Node {
  return new Composer(job).compose(job.root, job.file, []);
}

class Composer {
  readonly #job: ConfigJob;
  #files = 0;

  constructor(job: ConfigJob) {
    this.#job = job;
  }

  /** `_self_` says where the file's own values come among the others: at the end where it is not listed. */
  compose(root: Node, file: SourceFile, open: readonly string[]): Node {
    const defaults = root.entries?.get('defaults')?.items;
    if (defaults === undefined) return root;
    const own: Node = { ...root, entries: new Map([...(root.entries ?? [])].filter(([key]) => key !== 'defaults')) };
    const listed = defaults.some((item) => textOf(item) === '_self_') ? defaults : [...defaults, selfAt(root)];
    const parts = listed.map((item) => (textOf(item) === '_self_' ? own : this.#part(item, file, [...open, file.path])));
    return parts.reduce((whole: Node | undefined, part) => merged(whole, part), undefined) ?? own;
  }

  #part(item: Node, file: SourceFile, open: readonly string[]): Node | undefined {
    const entry = [...(item.entries ?? [])][0];
    const written = textOf(item) ?? textOf(entry?.[1]);
    // `optional model: x` and `override hydra/launcher: y` put a word before the group.
    const group = entry?.[0].split(' ').at(-1);
    if (written === undefined || group?.startsWith('hydra/') === true) return undefined;
    const [choice = '', packaged] = written.split('@');
    const path = `${group === undefined ? '' : `${group.replace(/@.*/, '').replace(/^\//, '')}/`}${choice.replace(/\.ya?ml$/, '')}`;
    const found = ['.yaml', '.yml'].map((ending) => findFile(this.#job.files, path + ending, file.path)).find((each) => each?.path.replace(/\.ya?ml$/, '').endsWith(path.replace(/^(?:\.\.?\/)+/, '')) === true);
    return this.#open(item, path, found, open, packaged ?? group?.split('@')[1] ?? group ?? (path.includes('/') ? path.replace(/\/[^/]*$/, '') : ''));
  }

  #open(item: Node, path: string, found: SourceFile | undefined, open: readonly string[], under: string): Node | undefined {
    this.#files += 1;
    if (found === undefined) return void tellGap(this.#job, 'missingFile', item, path);
    if (open.includes(found.path)) return void tellGap(this.#job, 'circular', item, path);
    const root = this.#files > maxFiles ? undefined : parsedFile(this.#job, found);
    const whole = root && this.compose(root, found, open);
    const keys = under === '_global_' ? [] : under.split(/[./]/).filter((key) => key !== '');
    return whole && keys.reduceRight((inner: Node, key) => ({ line: inner.line, file: inner.file, entries: new Map([[key, inner]]) }), whole);
  }
}

const selfAt = (root: Node): Node => ({ line: root.line, file: root.file, value: '_self_' });
