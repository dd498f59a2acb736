import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { MachineLink } from '../../../src/domain/machineLink.ts';
import type { SyncOrder } from '../../../src/domain/sync.ts';
import { parse, WrongCall } from '../../../src/headless/parse.ts';
import { sync } from '../../../src/headless/sync.ts';
import type { Core } from '../../../src/wiring.ts';

const signal = new AbortController().signal;

function bench() {
  const orders: [way: string, order: SyncOrder][] = [];
  const go = (way: string) => (order: SyncOrder) => {
    orders.push([way, order]);
    return Promise.resolve({ files: 2, bytes: 10, seconds: 0.5, skipped: [{ path: '.env', why: 'It holds keys.' }] });
  };
  const core = {
    fleet: { refresh: () => Promise.resolve(), find: (id: string) => (id === 'vast:1' ? { alias: 'gpu-rental-x' } : undefined) },
    links: { of: (alias: string) => ({ alias }) as MachineLink },
    folderOn: (_: MachineLink, path: string) => Promise.resolve(`/work/${path}`),
    sync: { up: go('up'), down: go('down') },
  } as unknown as Core;
  return { orders, run: (...words: string[]) => sync(core, parse(['sync', ...words], ['sync']), signal) };
}

describe('headless sync', () => {
  for (const [way, words] of [['up', ['up', 'vast:1', 'here', 'there']], ['down', ['down', 'vast:1', 'there', 'here']]] as const) {
    it(`goes ${way}, and answers with what went and what did not`, async () => {
      const { orders, run } = bench();
      const { answer } = await run(...words);
      assert.deepEqual(answer, { files: 2, bytes: 10, seconds: 0.5, skipped: [{ path: '.env', why: 'It holds keys.' }] });
      assert.deepEqual(orders.map(([which, { localFolder, remoteFolder, vet }]) => [which, localFolder, remoteFolder, vet]), [[way, resolve('here'), '/work/there', undefined]]);
    });
  }

  for (const words of [[], ['sideways', 'vast:1', 'a', 'b'], ['up'], ['up', 'vast:1'], ['up', 'vast:1', 'a'], ['down', 'one', 'a', 'b']]) {
    it(`is a wrong call with ${words.join(' ') || 'nothing'}`, async () => {
      await assert.rejects(async () => bench().run(...words), WrongCall);
    });
  }

  it('says that a machine is none of ours', () => assert.rejects(bench().run('up', 'vast:2', 'a', 'b'), { code: 'gone' }));
});
