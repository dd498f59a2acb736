/**
 * The same services without the editor, for scripts and tests. Standard output holds the answer
 * alone; everything else goes to standard error. Exit 0 on success, 1 on bad news, 2 on a wrong call.
 */
import { isAbort, isRentError } from '../domain/errors.ts';
import { systemClock } from '../services/clock.ts';
import { createCore, defaultStateFolder, fromEnvironment, publicOrigins } from '../wiring.ts';
import { stderrLog } from './log.ts';
import { parse, WrongCall, type Invocation } from './parse.ts';
import { estimate } from './estimate.ts';
import { listOffers } from './offers.ts';
import { destroy, instances, renew, rent, start, stop } from './machines.ts';
import { logs, run as runOn } from './runs.ts';
import { spend } from './spend.ts';
import { sync } from './sync.ts';
import type { Command, Outcome } from './command.ts';

const commands: Readonly<Record<string, Command>> = { offers: listOffers, rent, instances, stop, start, destroy, renew, spend, estimate, sync, run: runOn, logs };

export async function main(argv: readonly string[]): Promise<number> {
  let invocation: Invocation;
  try {
    invocation = parse(argv, Object.keys(commands));
  } catch (error) {
    if (!(error instanceof WrongCall)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  try {
    return print(invocation.json, await run(invocation));
  } catch (error) {
    if (error instanceof WrongCall) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    const { code, message } = describe(error);
    if (invocation.json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    else process.stderr.write(`${message}\n`);
    return 1;
  }
}

async function run(invocation: Invocation): Promise<Outcome> {
  const stopping = new AbortController();
  const interrupt = (): void => stopping.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const environment = fromEnvironment(process.env);
  const core = await createCore({
    stateFolder: process.env['GPU_RENTAL_HOME'] ?? defaultStateFolder(process.platform, process.env),
    origins: { ...publicOrigins, ...environment.origins },
    keys: {
      get: (provider) => Promise.resolve(environment.keys[provider]),
      set: () => Promise.reject(new Error('keys come from the environment here')),
      delete: () => Promise.reject(new Error('keys come from the environment here')),
    },
    clock: systemClock,
    log: stderrLog(process.env['GPU_RENTAL_LOG'] === 'debug'),
    version: 'headless',
  });
  try {
    // A headless session lasts as long as its home folder.
    core.meter.touchSession(true);
    await core.accounts.load();
    const command = commands[invocation.command];
    if (!command) throw new WrongCall(`no command ${invocation.command}`);
    return await command(core, invocation, stopping.signal);
  } finally {
    core.dispose();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function print(json: boolean, { answer, text, exitCode = 0 }: Outcome): number {
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${text}\n`);
  return exitCode;
}

function describe(error: unknown): { code: string; message: string } {
  if (isRentError(error)) return { code: error.code, message: error.message };
  if (isAbort(error)) return { code: 'cancelled', message: 'cancelled; nothing is billed' };
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}
