/** The guard as it is really sent, on practice machines that really run it: nothing of it is replaced. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { GuardStatus, GuardTerms } from '../../../src/domain/guard.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import { parseStatus } from '../../../src/guard/status.ts';
import { startMarket, type Market } from '../../../src/practice/market.ts';
import { podEnvironment } from '../../../src/practice/pod/home.ts';
import { podProcesses } from '../../../src/practice/pod/processes.ts';
import type { Rental } from '../../../src/practice/rental.ts';
import { readStarted, startRun } from '../../../src/scripts/runStart.ts';
import { rentWithGuard, type Plan } from './rentWithGuard.ts';

const label = 'gpu-rental-test00-01k9xq2m4n5p6r7s8t9v0wxyza';
const terms: GuardTerms = { label, rate: usdPerHour(2), offRate: usdPerHour(0.01), budget: usd(5), useMs: 3_600_000, deadlineAt: Date.now() + 3_600_000, idleMs: 1_800_000, action: 'stop' };

async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = performance.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(performance.now() < end, `never came: ${what}`);
    await wait(50);
  }
}

const folderOf = (rental: Rental): string => join(rental.dir, 'root', '.gpu-rental');

/** As though the container had died in its grace: three seconds of it are left. */
function leaveLittleGrace(rental: Rental, deadline = Math.floor(Date.now() / 1000) - 1, claimed = 0): void {
  mkdirSync(folderOf(rental), { recursive: true });
  const far = '3600 5000000';
  writeFileSync(join(folderOf(rental), 'kept'), `1 1 0 ${claimed} ${far} ${deadline} 3 0 0 0 0 0 0 1\n`);
}

function statusOf(rental: Rental): GuardStatus | undefined {
  try {
    const now = readFileSync('/proc/uptime', 'utf8').split('.')[0];
    return parseStatus(`${readFileSync(join(folderOf(rental), 'status'), 'utf8')}now=${now}\n`, label);
  } catch {
    return undefined;
  }
}

describe('the guard on a machine', function () {
  this.timeout(120_000);
  let market: Market;

  beforeEach(async function () {
    if (process.platform !== 'linux') this.skip();
    market = await startMarket({ seed: 5, offers: 40, bootScale: 0.05, credit: 500 });
  });
  afterEach(async () => market?.close());

  const planFor = (provider: Plan['provider'], change: Partial<GuardTerms> = {}): Plan => ({
    provider, origin: market[provider].url, key: market[provider].apiKey, terms: { ...terms, ...change },
  });
  const rentalOf = (provider: Plan['provider'], id: string): Rental => {
    const found = market.world.rentals.all().find((rental) => rental.provider === provider && rental.id === id);
    return found ?? assert.fail('no such machine');
  };
  const said = (rental: Rental): string => rental.log.lines().map(({ text }) => text).join('\n');

  for (const provider of ['vast', 'runpod'] as const) {
    describe(`of ${provider}`, () => {
      it('is armed, says so and names the host key', async () => {
        const rental = rentalOf(provider, await rentWithGuard(planFor(provider)));
        const status = await until('an armed guard', () => (statusOf(rental)?.armed === true ? statusOf(rental) : undefined));
        assert.deepEqual([status.phase, status.tries, status.gpuPct], ['watching', 0, 0]);
        const pub = readFileSync(join(rental.dir, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8').trim();
        await until('the host key', () => said(rental).includes(`gpu-rental-hostkey ${label} ${pub}`) || undefined);
      });

      it('leaves nothing running when it stops, and counts on when it starts again', async () => {
        const rental = rentalOf(provider, await rentWithGuard(planFor(provider)));
        const before = await until('a few seconds of use', () => {
          const status = statusOf(rental);
          return status !== undefined && status.usedMs >= 3000 ? status : undefined;
        });
        rental.stop('user');
        await until('its stop', () => rental.state === 'stopped' || undefined);
        await until('quiet', async () => (await podProcesses(rental.dir, new Set())).length === 0 || undefined);
        rmSync(join(folderOf(rental), 'status'), { force: true });
        rental.start();
        const after = await until('a guard again', () => statusOf(rental));
        assert.ok(after.usedMs >= before.usedMs && after.usedMs < before.usedMs + 30_000, `${before.usedMs} ${after.usedMs}`);
      });

      it('ends it, once its time is over', async () => {
        const rental = rentalOf(provider, await rentWithGuard(planFor(provider, { action: 'destroy' })));
        leaveLittleGrace(rental);
        await until('its end', () => rental.state === 'destroyed' || undefined);
        assert.match(said(rental), new RegExp(`gpu-rental-guard ${label} destroy: try 1, deadline`));
      });

      it('ends it when its run has ended, as was chosen for the run', async () => {
        const rental = rentalOf(provider, await rentWithGuard(planFor(provider)));
        leaveLittleGrace(rental, Math.floor(Date.now() / 1000) + 3600, 1);
        await until('a guard', () => statusOf(rental));
        const run = startRun('run-000001', { words: ['sh', '-c', 'echo at work; exit 3'], folder: rental.dir }, 'destroy');
        const started = execFileSync('sh', ['-c', run], { encoding: 'utf8', env: { ...podEnvironment(rental.dir, {}) } });
        assert.equal(readStarted(started), 'started');
        await until('its end', () => rental.state === 'destroyed' || undefined);
        assert.match(said(rental), new RegExp(`gpu-rental-guard ${label} destroy: try 1, run`));
      });
    });
  }

  it('ends a machine whose renter was killed right after the create', async () => {
    const renter = spawn(process.execPath, [join(import.meta.dirname, 'rentWithGuard.ts'), JSON.stringify(planFor('vast', { action: 'destroy' }))], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(renter.stdout, 'data')) as [Buffer];
    renter.kill('SIGKILL');
    const rental = rentalOf('vast', line.toString().trim());
    leaveLittleGrace(rental);
    await until('its end', () => rental.state === 'destroyed' || undefined);
    const { instances } = (await (await fetch(market.ledger.url)).json()) as { instances: readonly { id: string; state: string }[] };
    assert.equal(instances.find(({ id }) => id === rental.id)?.state, 'destroyed');
  });
});
