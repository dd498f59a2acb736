import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readStillFiles, stillFilesScript } from '../../../src/scripts/stillFiles.ts';
import { ShellMachine, shells } from '../../fakes/shellMachine.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

for (const shell of shells) {
  it(`files that nobody writes to are told apart by ${shell}`, async () => {
    using temporary = temporaryFolder();
    const machine = new ShellMachine(temporary.path, shell);
    const folder = join(machine.work, "it's [1] $(x)");
    const put = (name: string, secondsOld: number): void => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, 'x');
      utimesSync(path, Date.now() / 1000 - secondsOld, Date.now() / 1000 - secondsOld);
    };
    put('checkpoint-10/model 1.pt', 600);
    put('checkpoint-20/model.pt', 30);
    put('checkpoint-30/model.pt', 2);
    put('two\nlines', 600);
    assert.deepEqual(readStillFiles((await machine.run(stillFilesScript(folder))).stdout)?.toSorted(), ['checkpoint-10/model 1.pt', 'checkpoint-20/model.pt']);
    assert.deepEqual(readStillFiles((await machine.run(stillFilesScript(join(folder, 'nothing here')))).stdout), []);
  });
}

it('an answer that broke off says nothing, and no name leads out of the folder', () => {
  assert.equal(readStillFiles('gpu-rental-still begin\n./a\n'), undefined);
  assert.equal(readStillFiles(''), undefined);
  assert.deepEqual(readStillFiles('motd\ngpu-rental-still begin\n./a\n./../b\n/c\n./d//e\ngpu-rental-still end\n'), ['a']);
});
