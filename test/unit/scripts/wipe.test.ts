import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseWipe, wipeScript } from '../../../src/scripts/wipe.ts';
import { ShellMachine, shells } from '../../fakes/shellMachine.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

function put(folder: string, ...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'secret');
  }
}

for (const shell of shells) {
  describe(`wiping a machine by ${shell}`, () => {
    const wipe = async (machine: ShellMachine, ...folders: readonly string[]) => parseWipe((await machine.run(wipeScript(folders))).stdout);

    it('removes the work and every key and history, and leaves the guard and the way in', async () => {
      using temporary = temporaryFolder();
      const machine = new ShellMachine(join(temporary.path, "a pod's [1]"), shell);
      put(machine.work, 'train.py', 'out/deep/model 1.pt', '.env', "-rf it's\nhere", '.git/config', '.gpu-rental/label/lease');
      mkdirSync(join(machine.work, 'empty/deeper'), { recursive: true });
      put(machine.home, '.ssh/id_ed25519', '.ssh/authorized_keys', '.aws/credentials', '.config/rclone/rclone.conf', '.bash_history', '.netrc', '.cache/huggingface/token',
        '.gpu-rental/lease', '.gpu-rental/status', '.gpu-rental/.h', '.gpu-rental/jobs/12', '.gpu-rental/runs/a/log', '.gpu-rental/bin/rclone');
      assert.deepEqual(await wipe(machine, machine.work), { removed: 5, left: 0, keptVolume: false });
      assert.deepEqual(readdirSync(machine.work), ['.gpu-rental'], 'what the guard keeps there stays');
      assert.deepEqual(readdirSync(join(machine.home, '.ssh')), ['authorized_keys']);
      assert.deepEqual(readdirSync(join(machine.home, '.gpu-rental')).toSorted(), ['.h', 'jobs', 'lease', 'status']);
      for (const trace of ['.aws', '.config/rclone', '.bash_history', '.netrc', '.cache/huggingface']) assert.equal(existsSync(join(machine.home, trace)), false, trace);
    });

    it('removes links and not what they lead to', async () => {
      using temporary = temporaryFolder();
      const machine = new ShellMachine(join(temporary.path, 'pod'), shell);
      put(temporary.path, 'outside/kept.txt');
      symlinkSync(join(temporary.path, 'outside'), join(machine.work, 'link'));
      symlinkSync(join(temporary.path, 'outside'), join(machine.home, '.aws'));
      assert.equal((await wipe(machine, machine.work))?.removed, 1);
      assert.deepEqual([readdirSync(machine.work), existsSync(join(machine.home, '.aws')), readdirSync(join(temporary.path, 'outside'))], [[], false, ['kept.txt']]);
    });

    it('empties home where that is the work folder', async () => {
      using temporary = temporaryFolder();
      const machine = new ShellMachine(temporary.path, shell);
      put(machine.home, 'train.py', '.ssh/authorized_keys', '.gpu-rental/lease');
      assert.deepEqual(await wipe(machine, '/no such folder'), { removed: 1, left: 0, keptVolume: false });
      assert.deepEqual(readdirSync(machine.home).toSorted(), ['.gpu-rental', '.ssh']);
      assert.deepEqual(readdirSync(join(machine.home, '.gpu-rental')), ['lease']);
    });

    it('touches nothing outside a practice machine’s own folder', async () => {
      using temporary = temporaryFolder();
      const machine = new ShellMachine(join(temporary.path, 'pod'), shell);
      put(temporary.path, 'of-the-person/thesis.tex', 'home-of-the-person/.ssh/id_rsa');
      put(machine.home, '.ssh/id_rsa');
      assert.equal(await wipe(machine, join(temporary.path, 'of-the-person')), undefined);
      assert.ok(existsSync(join(temporary.path, 'of-the-person/thesis.tex')));
      assert.ok(existsSync(join(machine.home, '.ssh/id_rsa')), 'refused before anything was removed');
      machine.env['HOME'] = join(temporary.path, 'home-of-the-person');
      assert.equal(await wipe(machine, machine.work), undefined);
      assert.ok(existsSync(join(temporary.path, 'home-of-the-person/.ssh/id_rsa')));
    });

    it('says what it could not remove', async function () {
      if (process.getuid?.() === 0) return this.skip(); // nothing is refused to root
      using temporary = temporaryFolder();
      const machine = new ShellMachine(temporary.path, shell);
      put(machine.work, 'stuck/file');
      const { chmodSync } = await import('node:fs');
      chmodSync(join(machine.work, 'stuck'), 0o500);
      assert.equal((await wipe(machine, machine.work))?.left, 1);
      chmodSync(join(machine.work, 'stuck'), 0o700);
    });

    it('leaves a volume alone that outlives the machine, and not the disk that RunPod gives with it', async () => {
      for (const [kind, runpod, kept] of [['fuse.mfs', true, true], ['nfs4', true, true], ['xfs', true, false], ['xfs', false, true], ['ext4', false, true]] as const) {
        using temporary = temporaryFolder();
        const machine = new ShellMachine(temporary.path, shell);
        put(machine.work, 'data.bin');
        if (runpod) machine.env['RUNPOD_POD_ID'] = 'abc';
        // The kernel's own table cannot be written here.
        const mounts = join(temporary.path, 'mounts');
        writeFileSync(mounts, `overlay / overlay rw 0 0\nserver ${machine.work} ${kind} rw 0 0\n`);
        const { stdout } = await machine.run(wipeScript([machine.work]).replace('/proc/mounts', mounts));
        assert.deepEqual([parseWipe(stdout)?.keptVolume, existsSync(join(machine.work, 'data.bin'))], [kept, kept], `${kind} ${runpod}`);
      }
    });
  });
}

it('a machine that broke off was not wiped', () => {
  assert.equal(parseWipe(''), undefined);
  assert.equal(parseWipe('gpu-rental:removed=4\ngpu-rental:left=0\ngpu-rental:kept=0'), undefined);
  assert.equal(parseWipe('gpu-rental:removed=4\ngpu-rental:left=many\ngpu-rental:end='), undefined);
});
