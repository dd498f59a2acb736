/** The commands as a script uses them, on a machine of the practice market that really runs the work. */
import assert from 'node:assert/strict';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isRentError } from '../../../src/domain/errors.ts';
import { instances, rent } from '../../../src/headless/machines.ts';
import { listOffers } from '../../../src/headless/offers.ts';
import { parse, WrongCall } from '../../../src/headless/parse.ts';
import { logs, run } from '../../../src/headless/runs.ts';
import { startMarket, type Market } from '../../../src/practice/market.ts';
import { systemClock } from '../../../src/services/clock.ts';
import { createCore, type Core } from '../../../src/wiring.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const signal = new AbortController().signal;
const commands = { rent, run, logs, instances, offers: listOffers };

describe('headless runs', function () {
  this.timeout(120_000);
  let market: Market;
  let core: Core;
  let folder: ReturnType<typeof temporaryFolder>;
  let id: string;

  const call = async (command: keyof typeof commands, ...words: string[]): Promise<Record<string, unknown>> =>
    (await commands[command](core, parse([command, ...words, ...(words.includes('--') ? [] : ['--json'])], Object.keys(commands)), signal)).answer as Record<string, unknown>;

  before(async function () {
    if (process.platform !== 'linux') this.skip();
    folder = temporaryFolder();
    market = await startMarket({ seed: 5, offers: 40, bootScale: 0.05, credit: 500 });
    const keys = { vast: market.vast.apiKey, runpod: market.runpod.apiKey, lambda: market.lambda.apiKey };
    core = await createCore({
      stateFolder: join(folder.path, 'state'), origins: { vast: market.vast.url, runpod: market.runpod.url, lambda: market.lambda.url }, clock: systemClock, log: new FakeLog(), version: 'test',
      keys: { get: (provider) => Promise.resolve(keys[provider]), set: () => Promise.reject(new Error('no')), delete: () => Promise.reject(new Error('no')) },
    });
    await core.accounts.load();
    const [offer] = (await call('offers', '--provider', 'vast'))['offers'] as { id: string }[];
    assert.ok(offer);
    id = String((await call('rent', offer.id, '--disk', '20', '--budget-usd', '5', '--lease-hours', '2', '--yes'))['id']);
  });
  after(async () => {
    core?.dispose();
    await market?.close();
    folder?.[Symbol.dispose]();
  });

  it('send a folder, start what is in it, and read what it says while it goes on by itself', async () => {
    const project = join(folder.path, 'logistic');
    cpSync(join(import.meta.dirname, '../../fixtures/training'), project, { recursive: true });
    const { run: name, folder: there } = await call('run', id, project, '--then', 'destroy', '--json', '--', 'python3', 'train.py', '--steps', '100', '--seconds-per-step', '0.01') as { run: string; folder: string };
    assert.match(there, /\/logistic$/);
    const early = await call('logs', id, name);
    assert.equal(early['exitCode'], null);
    const end = performance.now() + 60_000;
    let said = early;
    while (said['exitCode'] === null) {
      assert.ok(performance.now() < end);
      await wait(200);
      said = await call('logs', id, name);
    }
    assert.equal(said['exitCode'], 0);
    assert.match(String(said['text']), /step 100\/100.*accuracy 0\.9\d+\n$/s);
    assert.ok(existsSync(join(there, 'model.json')));
    const rental = market.world.rentals.all().find((one) => `vast:${one.id}` === id);
    const left = join(rental?.dir ?? '', 'root/.gpu-rental/then');
    while (!existsSync(left)) {
      assert.ok(performance.now() < end);
      await wait(50);
    }
  });

  it('say what is wrong with a call, and what is not there', async () => {
    const wrong = (error: unknown): boolean => error instanceof WrongCall;
    await assert.rejects(call('run', id, folder.path), wrong);
    await assert.rejects(call('run', id, join(folder.path, 'nowhere'), '--', 'true'), wrong);
    await assert.rejects(call('run', 'vast', folder.path, '--', 'true'), wrong);
    await assert.rejects(call('logs', id, '../../etc/passwd'), wrong);
    await assert.rejects(call('logs', id, 'r0abc-12345'), (error) => isRentError(error, 'gone'));
    await assert.rejects(call('run', 'vast:99999999', folder.path, '--', 'true'), (error) => isRentError(error, 'notAllowed'));
  });
});
