import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { leash } from '../../host/leash.ts';
import { temporaryFolder } from '../../host/temporary.ts';
import { until } from '../../host/until.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A server that starts a server, writes both process ids and stays. */
const family = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  console.log(process.pid + ' ' + child.pid + ' up');
  setInterval(() => {}, 1000);
`;

describe('a leash', () => {
  it('ends the server and what the server started', async () => {
    const server = leash(process.execPath, ['-e', family]);
    const [, first, second] = await until('the pids', () => server.said(/(\d+) (\d+) up/));
    assert.ok(isAlive(Number(first)) && isAlive(Number(second)));
    await server.end();
    await until('both to be gone', () => !isAlive(Number(first)) && !isAlive(Number(second)));
  });

  it('ends the server when its owner is killed outright', async () => {
    await using folder = await temporaryFolder('leash');
    const pids = join(folder.path, 'pids');
    const script = `
      import { writeFileSync } from 'node:fs';
      import { leash } from ${JSON.stringify(new URL('../../host/leash.ts', import.meta.url).href)};
      const server = leash(process.execPath, ['-e', ${JSON.stringify(family)}]);
      setInterval(() => { const match = server.said(/(\\d+) (\\d+) up/); if (match) writeFileSync(${JSON.stringify(pids)}, match[0]); }, 20);
    `;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const written = (): string => existsSync(pids) ? readFileSync(pids, 'utf8') : '';
    await until('the pids', () => written().endsWith(' up'));
    const [first, second] = written().split(' ').map(Number);
    assert.ok(first && second && isAlive(first) && isAlive(second));
    owner.kill('SIGKILL');
    await until('both to be gone', () => !isAlive(first) && !isAlive(second));
  });

  it('tells that the server ended before it said what was waited for', async () => {
    const server = leash(process.execPath, ['-e', 'console.error("no such port"); process.exit(3)']);
    assert.equal(await server.exited, 3);
    assert.throws(() => server.said(/listening/), /ended early:[^]*no such port/);
  });

  it('tells that there is no such program', async () => {
    const server = leash('/no/such/program', []);
    assert.equal(await server.exited, 127);
    assert.match(server.tail(), /ENOENT/);
  });
});
