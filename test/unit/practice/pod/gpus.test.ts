import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type GpuReading, stateFile, stateText, writeState } from '../../../../src/practice/pod/gpus.ts';
import { nvidiaSmiScript } from '../../../../src/practice/pod/nvidiaSmi.ts';
import { type Ended, GPU, runTool } from './support/pod.ts';

describe("the pod's nvidia-smi", function () {
  this.timeout(20_000);
  const dir = mkdtempSync(join(tmpdir(), "smi's "));
  const program = join(dir, 'nvidia-smi');
  before(function () {
    if (process.platform === 'win32') this.skip();
    mkdirSync(join(dir, 'run'));
    writeFileSync(program, nvidiaSmiScript(stateFile(dir)), { mode: 0o755 });
  });
  after(() => rmSync(dir, { recursive: true }));

  const H100: GpuReading = { name: 'NVIDIA H100 80GB HBM3', memoryMib: 81559, usedMib: 0, utilPct: 0, tempC: 31, powerW: 70, driver: '550.54.15', cuda: '12.4' };
  const run = (...args: string[]): Promise<Ended> => runTool(program, args);
  async function lines(...args: string[]): Promise<string[]> {
    const { code, stdout, stderr } = await run(...args);
    assert.deepEqual([code, stderr.toString()], [0, '']);
    return stdout.toString().split('\n').slice(0, -1);
  }
  beforeEach(() => writeState(dir, [GPU, H100]));

  it('answers queries in csv, with and without header and units', async () => {
    const query = '--query-gpu=index,name,memory.total,memory.used,memory.free,utilization.gpu,temperature.gpu,power.draw,driver_version,pstate,count';
    assert.deepEqual(await lines(query, '--format=csv'), [
      'index, name, memory.total [MiB], memory.used [MiB], memory.free [MiB], utilization.gpu [%], temperature.gpu, power.draw [W], driver_version, pstate, count',
      '0, NVIDIA GeForce RTX 4090, 24564 MiB, 1024 MiB, 23540 MiB, 37 %, 52, 211.40 W, 550.54.15, P0, 2',
      '1, NVIDIA H100 80GB HBM3, 81559 MiB, 0 MiB, 81559 MiB, 0 %, 31, 70.00 W, 550.54.15, P8, 2',
    ]);
    assert.deepEqual(await lines('--query-gpu=utilization.gpu', '--format=csv,noheader,nounits'), ['37', '0']);
    assert.deepEqual(await lines('--query-gpu=memory.used, utilization.gpu', '--format=csv,noheader', '-i', '0'), ['1024 MiB, 37 %']);
    assert.deepEqual(await lines('--query-gpu=gpu_name,power.limit', '--format=csv,nounits', '--id=1'), ['name, power.limit [W]', 'NVIDIA H100 80GB HBM3, [N/A]']);
    assert.match((await lines('--query-gpu=timestamp,gpu_bus_id', '--format=csv,noheader'))[1] ?? '', /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{3}, 00000000:02:00\.0$/);
  });

  it('tells the limit of a card that has one', async () => {
    writeState(dir, [{ ...GPU, limitW: 450 }, H100]);
    assert.deepEqual(await lines('--query-gpu=power.limit', '--format=csv,noheader,nounits'), ['450.00', '[N/A]']);
    assert.match((await lines()).join('\n'), / 211W \/ 450W \|[^]* 70W \/  N\/A \|/);
  });

  it('lists the GPUs, whose ids stay', async () => {
    const [first, second, ...none] = await lines('-L');
    assert.match(first ?? '', /^GPU 0: NVIDIA GeForce RTX 4090 \(UUID: GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\)$/);
    assert.match(second ?? '', /^GPU 1: NVIDIA H100 80GB HBM3 \(UUID: GPU-/);
    assert.deepEqual(none, []);
    const id = /GPU-[0-9a-f-]+/.exec(second ?? '')?.[0] ?? '';
    writeState(dir, [GPU, { ...H100, utilPct: 99 }]);
    assert.deepEqual(await lines('--query-gpu=uuid,utilization.gpu', '--format=csv,noheader,nounits', '-i', id), [`${id}, 99`]);
  });

  it('draws its table, every line as wide as the others', async () => {
    const [, ...table] = await lines();
    assert.ok(table.every((line) => line.length === 91 || line === ''), table.join('\n'));
    const text = table.join('\n');
    assert.match(text, /NVIDIA-SMI 550\.54\.15 +Driver Version: 550\.54\.15 +CUDA Version: 12\.4 /);
    assert.match(text, /\| {3}0 {2}NVIDIA GeForce RTX 4090 .*\n\| N\/A {3}52C {4}P0 .* 211W \/ {2}N\/A \| +1024MiB \/ +24564MiB \| +37% /);
    assert.match(text, /\| {3}1 {2}NVIDIA H100 80GB HBM3/);
    assert.match(text, /No running processes found/);
  });

  it('names programs where it is told of any', async () => {
    const query = '--query-compute-apps=pid,process_name,used_memory';
    assert.deepEqual(await lines(query, '--format=csv'), ['pid, process_name, used_gpu_memory [MiB]']);
    writeState(dir, [{ ...GPU, apps: [{ pid: 4321, name: 'python train.py', usedMib: 900 }] }]);
    assert.deepEqual(await lines(query, '--format=csv,noheader'), ['4321, python train.py, 900 MiB']);
    assert.match((await lines()).join('\n'), /\| {4}0 .* 4321 .* python train\.py +900MiB \|/);
  });

  it('says what it cannot do and fails', async () => {
    for (const [args, code, message] of [
      [['--query-gpu=nonsense', '--format=csv'], 2, /Field "nonsense" is not a valid field to query/],
      [['--query-gpu=name'], 2, /--format/],
      [['--reset'], 2, /Invalid combination of input arguments: --reset/],
      [['-L', '-i', '7'], 6, /No devices were found/],
    ] as const) {
      const ended = await run(...args);
      assert.equal(ended.code, code);
      assert.match(ended.stdout.toString(), message);
    }
    writeState(dir, []);
    assert.equal((await run('-L')).code, 6);
    rmSync(stateFile(dir));
    assert.equal((await run()).code, 9);
  });

  it('is not confused by a name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.nat(100), async (name, utilPct) => {
        writeState(dir, [{ ...GPU, name: `x${name}`, utilPct }]);
        assert.deepEqual(await lines('--query-gpu=utilization.gpu', '--format=csv,noheader,nounits'), [String(utilPct)]);
      }),
      { numRuns: 25 },
    );
  });

  it('reads a file that is written only when something changed, and never half', () => {
    const { ino } = statSync(stateFile(dir));
    writeState(dir, [GPU, H100]);
    assert.equal(statSync(stateFile(dir)).ino, ino);
    writeState(dir, [GPU]);
    assert.notEqual(statSync(stateFile(dir)).ino, ino);
    assert.equal(readFileSync(stateFile(dir), 'utf8'), stateText(dir, [GPU]));
    assert.deepEqual(readdirSync(join(dir, 'run')), ['gpus.tsv']);
  });
});
