import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareFolder, startScript, volumeFolder, wipeContainerDisk } from '../../../../src/practice/runpod/podFolder.ts';

describe('practice RunPod disks', () => {
  let parent: string;
  let pod: string;

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'practice-runpod-'));
    pod = join(parent, 'runpod-abc');
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  function put(path: string): string {
    const file = join(pod, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, path);
    return file;
  }

  it('wipes everything when nothing is mounted', () => {
    prepareFolder(pod, {});
    const gone = [put('root/a'), put('root/.ssh/authorized_keys'), put('root/workspace/b'), put('tmp/c')];
    wipeContainerDisk(pod, {});
    assert.deepEqual(gone.filter(existsSync), []);
    assert.ok(existsSync(startScript(pod)), 'what is not on the container disk stays');
  });

  it('keeps a persistent mount and nothing beside it', () => {
    const mounts = { persistent: { size: 10, path: '/workspace/data' } };
    prepareFolder(pod, mounts);
    const kept = put('root/workspace/data/deep/model.bin');
    const gone = [put('root/workspace/other'), put('root/notes.txt'), put('root/data/x')];
    wipeContainerDisk(pod, mounts);
    assert.ok(existsSync(kept));
    assert.deepEqual(gone.filter(existsSync), []);
  });

  it('keeps a network volume outside the pod', () => {
    const mounts = { network: [{ volumeId: 'vol1', path: '/workspace' }] };
    prepareFolder(pod, mounts);
    writeFileSync(join(pod, 'root/workspace/kept.txt'), 'still here');
    wipeContainerDisk(pod, mounts);
    rmSync(pod, { recursive: true, force: true });
    assert.equal(readFileSync(join(volumeFolder(pod, 'vol1'), 'kept.txt'), 'utf8'), 'still here');
    const next = join(parent, 'runpod-def');
    prepareFolder(next, mounts);
    assert.equal(readFileSync(join(next, 'root/workspace/kept.txt'), 'utf8'), 'still here');
  });

  it('lets no mount path lead out of the home folder', () => {
    prepareFolder(pod, { persistent: { size: 10, path: '/../../outside' } });
    assert.ok(realpathSync(join(pod, 'root/outside')).startsWith(realpathSync(pod)));
    assert.equal(existsSync(join(parent, 'outside')), false);
  });

  it('gives the start script the right to run', function () {
    if (process.platform === 'win32') this.skip();
    prepareFolder(pod, {});
    assert.equal(statSync(startScript(pod)).mode & 0o111, 0o111);
    execFileSync('/bin/sh', ['-n', startScript(pod)]);
  });
});
