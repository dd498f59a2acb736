import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { isRecord } from '../../../src/practice/vast/answers.ts';
import { until } from './until.ts';

const main = join(import.meta.dirname, '../../../src/practice/main.ts');

describe('the market as a program', function () {
  this.timeout(30_000);
  let tmp: string;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    tmp = await mkdtemp(join(tmpdir(), 'market-main-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(tmp, { recursive: true, force: true });
  });

  function run(args: readonly string[], file = process.execPath) {
    const child = spawn(file, args, { env: { ...process.env, TMPDIR: tmp, TEMP: tmp }, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  }
  const firstLine = async (child: ReturnType<typeof run>) => {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    return String(line);
  };

  it('says in its first line where it is, and leaves nothing behind when it is ended', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const child = run([main, '--seed', '2', '--offers', '20', '--boot-scale', '0', '--json']);
      const endpoints: unknown = JSON.parse(await firstLine(child));
      assert.ok(isRecord(endpoints));
      assert.deepEqual(Object.keys(endpoints), ['vast', 'runpod', 'lambda', 'ledger']);
      for (const place of Object.values(endpoints)) assert.ok(isRecord(place) && /^http:\/\/127\.0\.0\.1:\d+$/.test(String(place['url'])));
      assert.equal((await readdir(tmp)).length, 1);
      child.kill(signal);
      const [code] = await once(child, 'exit');
      assert.equal(code, 0);
      assert.deepEqual(await readdir(tmp), []);
    }
  });

  it('tells people the same in words', async () => {
    const child = run([main, '--offers', '5']);
    assert.match(await firstLine(child), /^The practice market is open/);
    child.kill();
    await once(child, 'exit');
  });

  it('ends by itself when its parent is gone, however that went', async () => {
    const parent = run([
      '-e',
      `const c = require('node:child_process').spawn(process.execPath, [${JSON.stringify(main)}, '--offers', '5', '--json'], { stdio: ['ignore', 'inherit', 'inherit'] }); setInterval(() => {}, 1000); c.on('exit', () => {});`,
    ]);
    const endpoints: unknown = JSON.parse(await firstLine(parent));
    assert.ok(isRecord(endpoints) && isRecord(endpoints['ledger']));
    const url = String(endpoints['ledger']['url']);
    assert.equal((await fetch(url)).status, 200);
    parent.kill('SIGKILL');
    await until('the market to be gone', () =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    );
    await until('its folder to be gone', async () => (await readdir(tmp)).length === 0);
  });

  it('answers a wrong call with one line and 2', async () => {
    for (const args of [['--bogus'], ['--fault', 'nonsense=1'], ['--offers', 'many']]) {
      const child = run([main, ...args]);
      const [said, out, [code]] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'exit')]);
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(said, /^market: [^\n]+\n$/);
    }
  });
});
