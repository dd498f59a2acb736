import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { applicationOf } from '../../host/desktop.ts';
import { findExecutable } from '../../host/executable.ts';
import { bin } from '../../host/paths.ts';
import { type TemporaryFolder, temporaryFolder } from '../../host/temporary.ts';

describe('finding programs on the machine', () => {
  let folder: TemporaryFolder;
  const program = (...names: string[]): string => {
    const path = join(folder.path, ...names);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '#!/bin/sh\n');
    chmodSync(path, 0o755);
    return path;
  };
  beforeEach(async () => {
    folder = await temporaryFolder('programs');
  });
  afterEach(async () => await folder[Symbol.asyncDispose]());

  for (const [system, command, application] of [
    ['Linux', ['code', 'bin', 'code'], ['code', 'code']],
    ['Linux, VSCodium', ['codium', 'bin', 'codium'], ['codium', 'codium']],
    ['macOS', ['Code.app', 'Contents', 'Resources', 'app', 'bin', 'code'], ['Code.app', 'Contents', 'MacOS', 'Electron']],
    ['Windows', ['Microsoft VS Code', 'bin', 'code.cmd'], ['Microsoft VS Code', 'Code.exe']],
  ] as const) {
    it(`goes from the command to the application on ${system}`, () => {
      const started = program(...application);
      assert.equal(applicationOf(program(...command)), started);
    });
  }

  it('knows no application where it is laid out differently', () => {
    assert.equal(applicationOf(program('bin', 'code')), undefined);
  });

  it('takes the first name that is there and can be run', function test() {
    if (process.platform === 'win32') this.skip();
    const second = program('a', 'second');
    const first = program('b', 'first');
    chmodSync(program('a', 'first'), 0o644);
    const path = [join(folder.path, 'a'), join(folder.path, 'b')].join(delimiter);
    assert.equal(findExecutable(['first', 'second'], path), first);
    assert.equal(findExecutable(['third', 'second'], path), second);
    assert.equal(findExecutable(['third', second], ''), second);
    assert.equal(findExecutable(['third'], path), undefined);
  });

  it("does not take the project's own programs", () => {
    assert.equal(findExecutable(['mocha'], bin), undefined);
  });
});
