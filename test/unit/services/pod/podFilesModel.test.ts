import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { RemoteFileError } from '../../../../src/domain/machineLink.ts';
import { systemClock } from '../../../../src/services/clock.ts';
import { PodFiles } from '../../../../src/services/pod/podFiles.ts';
import { FakeMachineLink } from '../../../fakes/fakeMachineLink.ts';
import { temporaryFolder } from '../../../fakes/temporaryFolder.ts';

/** The rules of an editor's files, as plain as they can be said: a path has a text, or is a folder. */
class Model {
  readonly nodes = new Map<string, string | undefined>([['', undefined]]);

  write(path: string, content: string, create: boolean, overwrite: boolean): void {
    const there = this.nodes.has(path);
    if (!there && !create) throw new Error('notFound');
    if (there && create && !overwrite) throw new Error('exists');
    if (this.#isFolder(path)) throw new Error('isFolder');
    this.#needsParent(path);
    this.nodes.set(path, content);
  }

  makeFolder(path: string): void {
    this.#needsParent(path);
    if (this.nodes.has(path)) throw new Error('exists');
    this.nodes.set(path, undefined);
  }

  remove(path: string, recursive: boolean): void {
    if (!this.nodes.has(path)) throw new Error('notFound');
    if (!recursive && this.#below(path).length > 1) throw new Error('notEmpty');
    for (const each of this.#below(path)) this.nodes.delete(each);
  }

  move(from: string, to: string, overwrite: boolean, copy: boolean): void {
    if (from === to) throw new Error(copy ? 'exists' : this.nodes.has(from) ? 'nothing' : 'notFound');
    if (to.startsWith(`${from}/`) || from.startsWith(`${to}/`)) throw new Error('failed');
    if (!this.nodes.has(from)) throw new Error('notFound');
    if (this.nodes.has(to) && !overwrite) throw new Error('exists');
    this.#needsParent(to);
    const moved = this.#below(from).map((each) => [`${to}${each.slice(from.length)}`, this.nodes.get(each)] as const);
    for (const each of this.#below(to)) this.nodes.delete(each);
    if (!copy) for (const each of this.#below(from)) this.nodes.delete(each);
    for (const [path, content] of moved) this.nodes.set(path, content);
  }

  #needsParent(path: string): void {
    if (!this.#isFolder(path.slice(0, path.lastIndexOf('/')))) throw new Error('notFound');
  }

  #isFolder = (path: string): boolean => this.nodes.has(path) && this.nodes.get(path) === undefined;
  #below = (path: string): string[] => [...this.nodes.keys()].filter((each) => each === path || each.startsWith(`${path}/`));
}

type Step =
  | { readonly does: 'write'; readonly path: string; readonly content: string; readonly create: boolean; readonly overwrite: boolean }
  | { readonly does: 'makeFolder'; readonly path: string }
  | { readonly does: 'remove'; readonly path: string; readonly recursive: boolean }
  | { readonly does: 'rename' | 'copy'; readonly path: string; readonly to: string; readonly overwrite: boolean };

const name = fc.constantFrom('a', "it's", '-rf', 'new\nline');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `/${names.join('/')}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant('write' as const), path, content: fc.string({ maxLength: 6 }), create: fc.boolean(), overwrite: fc.boolean() }),
  fc.record({ does: fc.constant('makeFolder' as const), path }),
  fc.record({ does: fc.constant('remove' as const), path, recursive: fc.boolean() }),
  fc.record({ does: fc.constantFrom('rename' as const, 'copy' as const), path, to: path, overwrite: fc.boolean() }),
);

function inModel(model: Model, one: Step): void {
  switch (one.does) {
    case 'write':
      return model.write(one.path, one.content, one.create, one.overwrite);
    case 'makeFolder':
      return model.makeFolder(one.path);
    case 'remove':
      return model.remove(one.path, one.recursive);
    case 'rename':
    case 'copy':
      return model.move(one.path, one.to, one.overwrite, one.does === 'copy');
  }
}

function onMachine(files: PodFiles, root: string, one: Step): Promise<void> {
  switch (one.does) {
    case 'write':
      return files.write(root + one.path, new TextEncoder().encode(one.content), one);
    case 'makeFolder':
      return files.makeFolder(root + one.path);
    case 'remove':
      return files.remove(root + one.path, one);
    case 'rename':
    case 'copy':
      return files[one.does](root + one.path, root + one.to, one);
  }
}

/** All that can be seen through the files, which is what the model holds. */
async function seen(files: PodFiles, root: string, below = ''): Promise<[string, string | undefined][]> {
  const { entries } = await files.list(root + below);
  const parts = await Promise.all(entries.map(async ({ name: entry, stat }): Promise<[string, string | undefined][]> => {
    const at = `${below}/${entry}`;
    assert.deepEqual(await files.stat(root + at), stat);
    if (stat.kind === 'folder') return [[at, undefined], ...(await seen(files, root, at))];
    const content = new TextDecoder().decode(await files.read(root + at));
    assert.equal(Buffer.byteLength(content), stat.bytes);
    return [[at, content]];
  }));
  return parts.flat();
}

/** Where a folder meets a file, or one with something in it, machines answer alike only in that they refuse or obey. */
const obeys = (error: unknown): string => (error instanceof RemoteFileError ? 'refused' : `broke: ${String(error)}`);

describe('files on a machine, whatever is done to them', () => {
  it('are always what the rules say, and never what they were', async function () {
    this.timeout(60_000);
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      using temporary = temporaryFolder();
      const root = join(temporary.path, 'work');
      mkdirSync(root);
      const link = new FakeMachineLink();
      link.env['HOME'] = temporary.path;
      const files = new PodFiles({ link, clock: systemClock, random: (count) => randomBytes(count) });
      const model = new Model();
      for (const one of steps) {
        let expected = 'done';
        const before = new Map(model.nodes);
        try {
          inModel(model, one);
        } catch (error) {
          expected = error instanceof Error && error.message === 'nothing' ? 'done' : 'refused';
        }
        const got = await onMachine(files, root, one).then(() => 'done', obeys);
        // A rename of a file over a folder, or the other way round, is one that a machine refuses and the editor never asks for.
        const crossed = one.does === 'rename' && before.has(one.to) && (before.get(one.to) === undefined || before.get(one.path) === undefined);
        if (crossed && got === 'refused') {
          model.nodes.clear();
          for (const [key, value] of before) model.nodes.set(key, value);
        } else assert.equal(got, expected, JSON.stringify(one));
        const { ['']: _, ...holds } = Object.fromEntries(model.nodes);
        assert.deepEqual(Object.fromEntries(await seen(files, root)), holds, JSON.stringify(one));
      }
    }), { numRuns: 120 });
  });
});
