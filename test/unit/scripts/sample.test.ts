import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { stateFile, writeState } from '../../../src/practice/pod/gpus.ts';
import { nvidiaSmiScript } from '../../../src/practice/pod/nvidiaSmi.ts';
import { readSample, type CpuCount } from '../../../src/scripts/readSample.ts';
import { greeting, sampleEnd, sampleProgram } from '../../../src/scripts/sample.ts';

const read = (lines: string, before?: CpuCount) => readSample(lines.trim().split('\n').map((line) => `gpu-rental:${line.trim()}`), before);

describe('a sample', () => {
  it('holds the figures of cards and programs', () => {
    const { sample } = read(`
      smi 0
      gpu 0, GPU-1, 63, 18432, 24564, 71, 320.50, 450.00, NVIDIA GeForce RTX 4090
      gpu 1, GPU-2, [N/A], [N/A], [N/A], 40, [N/A], [N/A], Card, of many parts
      app GPU-1, 4321, 18000, python, with a comma
      app GPU-9, 7, [N/A], [Not Found]`);
    assert.deepEqual(sample.gpus, [
      { index: 0, name: 'NVIDIA GeForce RTX 4090', busy: 0.63, memory: { usedBytes: 18432 * 1024 ** 2, totalBytes: 24564 * 1024 ** 2 }, celsius: 71, watts: 320.5, wattLimit: 450 },
      { index: 1, name: 'Card, of many parts', celsius: 40 },
    ]);
    assert.deepEqual(sample.programs, [{ gpu: 0, pid: 4321, name: 'python, with a comma', usedBytes: 18000 * 1024 ** 2 }, { pid: 7, name: '[Not Found]' }]);
    assert.equal(sample.gpuTrouble, undefined);
  });

  it('says why there is no figure of a card', () => {
    for (const [said, trouble] of [['smi absent', 'absent'], ['smi 124', 'silent'], ['smi 137', 'silent'], ['smi 9', 'failed'], ['smi 0', 'failed'], ['smi 0\ngpu No devices were found', 'failed']] as const) {
      assert.equal(read(said).sample.gpuTrouble, trouble);
    }
  });

  it('counts the processors of the host when the container has no share of its own', () => {
    const first = read('cores 4\nstat cpu  100 0 100 700 100 0 0 0 0 0\nuptime 10.00 5\ncpuMax max 100000\ncpuUsec 5000000');
    assert.deepEqual(first.sample.cpu, { cores: 4 });
    const second = read('cores 4\nstat cpu  200 0 150 750 100 0 0 0 0 0\nuptime 12.00 5', first.counted);
    assert.deepEqual(second.sample.cpu, { cores: 4, busy: 0.75 });
  });

  it('counts a container by its own share', () => {
    const lines = (uptime: number, used: number): string => `cores 64\nstat cpu 1 1 1 1 1 1 1 1\nuptime ${uptime} 1\ncpuMax 800000 100000\ncpuUsec ${used}`;
    const first = read(lines(10, 4_000_000));
    assert.deepEqual(read(lines(12, 12_000_000), first.counted).sample.cpu, { cores: 8, busy: 0.5 });
    const old = (uptime: number, used: number): string => `cores 64\nuptime ${uptime} 1\ncpuQuota 200000\ncpuPeriod 100000\ncpuNsec ${used}`;
    assert.deepEqual(read(old(12, 3e9), read(old(10, 2e9)).counted).sample.cpu, { cores: 2, busy: 0.25 });
  });

  it('takes the limit of a container for its memory, and what can be taken back for free', () => {
    assert.deepEqual(read('memTotal 1000000\nmemAvailable 400000').sample.memory, { usedBytes: 600_000 * 1024, totalBytes: 1_000_000 * 1024 });
    assert.deepEqual(read('memTotal 1000000\nmemAvailable 400000\nmemMax 500000000\nmemUsed 300000000\nmemCache 100000000').sample.memory, { usedBytes: 200_000_000, totalBytes: 500_000_000 });
    assert.deepEqual(read('memTotal 1000000\nmemAvailable 400000\nmemMax 9223372036854771712\nmemUsed 300000000').sample.memory?.totalBytes, 1_000_000 * 1024);
    assert.deepEqual(read('memTotal 1000000\nmemAvailable 400000\nmemMax max\nmemUsed 300000000').sample.memory?.totalBytes, 1_000_000 * 1024);
  });

  it('reads the disk of the work folder, however it is called', () => {
    assert.deepEqual(read('df overlay with space 1000 400 600 40% /work space').sample.disk, { usedBytes: 400 * 1024, totalBytes: 1000 * 1024, folder: '/work space' });
    for (const odd of ['df', 'df a b c d e f', 'df x 0 0 0 - /']) assert.equal(read(odd).sample.disk, undefined);
  });

  it('never holds a figure that was not said, and is never more than full', () => {
    const piece = fc.oneof(fc.constantFrom('smi 0', 'gpu', 'app', 'df', 'cores', 'stat cpu', 'uptime', 'memMax', 'memUsed', 'memTotal', 'memAvailable', ', ', ' ', '[N/A]', 'max', '-1', '1e9', 'NaN', 'Infinity', '0'), fc.nat().map(String), fc.string());
    fc.assert(fc.property(fc.array(fc.array(piece, { maxLength: 12 }).map((parts) => `gpu-rental:${parts.join(' ')}`)), fc.array(fc.array(piece).map((parts) => `gpu-rental:${parts.join(', ')}`)), (one, two) => {
      const { sample } = readSample([...one, ...two], { busy: 1, whole: 2 });
      const amounts = [sample.memory, sample.disk, ...sample.gpus.map(({ memory }) => memory)].filter((amount) => amount !== undefined);
      for (const { usedBytes, totalBytes } of amounts) assert.ok(usedBytes >= 0 && usedBytes <= totalBytes && Number.isFinite(totalBytes));
      for (const share of [sample.cpu?.busy, ...sample.gpus.map(({ busy }) => busy)]) assert.ok(share === undefined || (share >= 0 && share <= 1));
      assert.equal(sample.gpus.length === 0, sample.gpuTrouble !== undefined);
    }));
  });
});

describe('the program that takes samples', function () {
  this.timeout(30_000);
  const dir = mkdtempSync(join(tmpdir(), "sample's "));
  const gpu = { name: 'NVIDIA H100 80GB HBM3', memoryMib: 81559, usedMib: 40_000, utilPct: 88, tempC: 61, powerW: 512.25, limitW: 700, driver: '550.54.15', cuda: '12.4' };
  before(function () {
    if (process.platform !== 'linux') this.skip();
    mkdirSync(join(dir, 'run'));
    mkdirSync(join(dir, 'work'));
  });
  beforeEach(() => {
    writeFileSync(join(dir, 'nvidia-smi'), nvidiaSmiScript(stateFile(dir)));
    chmodSync(join(dir, 'nvidia-smi'), 0o755);
  });
  after(() => rmSync(dir, { recursive: true }));

  function start(shell: string) {
    const child = spawn(shell, shell === 'busybox' ? ['sh', '-s'] : ['-s'], { env: { ...process.env, PATH: `${dir}:${process.env['PATH'] ?? ''}` } });
    let printed = '';
    let heard = (): void => undefined;
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      heard();
    });
    const until = async (text: string): Promise<string[]> => {
      while (!printed.includes(text)) await new Promise<void>((resolve) => void (heard = resolve));
      const lines = printed.split('\n');
      printed = '';
      return lines;
    };
    const ask = (): Promise<string[]> => {
      child.stdin.write('\n');
      return until(sampleEnd);
    };
    child.stdin.write(sampleProgram([join(dir, 'work')]));
    return { child, until, ask };
  }

  for (const shell of ['dash', 'bash', 'busybox']) {
    it(`answers each line with a sample and ends with its input, in ${shell}`, async function () {
      if (spawnSync(shell, shell === 'busybox' ? ['true'] : ['-c', 'true']).status !== 0) this.skip();
      writeState(dir, [gpu, { ...gpu, utilPct: 3, apps: [{ pid: 42, name: 'python train.py', usedMib: 39_000 }] }]);
      const { child, until, ask } = start(shell);
      await until(greeting);
      const first = readSample(await ask());
      assert.deepEqual(first.sample.gpus.map(({ busy, watts, wattLimit, memory }) => [busy, watts, wattLimit, memory?.usedBytes]), [[0.88, 512.25, 700, 40_000 * 1024 ** 2], [0.03, 512.25, 700, 40_000 * 1024 ** 2]]);
      assert.deepEqual(first.sample.programs, [{ pid: 42, name: 'python train.py', gpu: 1, usedBytes: 39_000 * 1024 ** 2 }]);
      assert.ok((first.sample.cpu?.cores ?? 0) > 0 && (first.sample.memory?.totalBytes ?? 0) > 1e8 && (first.sample.disk?.totalBytes ?? 0) > 1e6);
      writeState(dir, [{ ...gpu, utilPct: 5 }]);
      const second = readSample(await ask(), first.counted);
      assert.deepEqual(second.sample.gpus.map(({ busy }) => busy), [0.05]);
      child.stdin.end();
      assert.deepEqual(await once(child, 'close'), [0, null]);
    });
  }

  it('gives up on a driver that hangs, and tells the rest', async () => {
    writeFileSync(join(dir, 'nvidia-smi'), '#!/bin/sh\nexec sleep 60\n');
    const { child, until, ask } = start('sh');
    await until(greeting);
    const { sample } = readSample(await ask());
    assert.equal(sample.gpuTrouble, 'silent');
    assert.ok(sample.memory !== undefined);
    child.stdin.end();
    await once(child, 'close');
  });

  it('weighs little enough for eight cards and many programs: much traffic is use to the guard', async () => {
    const apps = Array.from({ length: 20 }, (_, at) => ({ pid: at + 1, name: `/opt/conda/bin/python${'x'.repeat(300)}`, usedMib: 10 }));
    writeState(dir, Array.from({ length: 8 }, () => ({ ...gpu, apps })));
    const { child, until, ask } = start('sh');
    await until(greeting);
    const lines = await ask();
    assert.equal(readSample(lines).sample.programs.length, 32);
    assert.ok(lines.join('\n').length < 8_000, `${lines.join('\n').length} bytes`);
    child.stdin.end();
    await once(child, 'close');
  });
});
