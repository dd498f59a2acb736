import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { checkEffective } from '../../../src/ssh/effective.ts';
import { childEnvironment } from '../../../src/ssh/childEnvironment.ts';
import { tempFolder } from './support/tools.ts';

describe('what a program that we start is told', () => {
  const temp = tempFolder('child');
  const key = 'canary-5f2e77d1';
  afterEach(() => delete process.env['GPU_RENTAL_VAST_KEY']);

  it('is everything but keys', () => {
    const env = { PATH: '/bin', GPU_RENTAL_HOME: '/h', GPU_RENTAL_VAST_URL: 'https://x', GPU_RENTAL_VAST_KEY: key, gpu_rental_runpod_key: key, OTHER_KEY: 'theirs' };
    assert.deepEqual(childEnvironment(env), { PATH: '/bin', GPU_RENTAL_HOME: '/h', GPU_RENTAL_VAST_URL: 'https://x', OTHER_KEY: 'theirs' });
  });

  (process.platform === 'win32' ? it.skip : it)('holds for the ssh of whoever brings their own', async () => {
    const folder = temp('bin');
    mkdirSync(folder, { recursive: true });
    const ssh = `${folder}/ssh`;
    writeFileSync(ssh, `#!/bin/sh\n{ env; echo "$@"; } > '${folder}/told'\n`);
    chmodSync(ssh, 0o755);
    process.env['GPU_RENTAL_VAST_KEY'] = key;
    assert.ok(execFileSync('env').toString().includes(key), 'others inherit it');
    await checkEffective({ alias: 'gpu-1', ssh }, {});
    const told = readFileSync(`${folder}/told`, 'utf8');
    assert.match(told, /-G gpu-1/);
    assert.ok(!told.includes(key));
  });
});
