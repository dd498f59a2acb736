// The practice market as a process of its own, started by the same command people use.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { leash } from './leash.ts';
import { root } from './paths.ts';
import { until } from './until.ts';

export interface MarketEndpoints {
  readonly vast: { readonly url: string; readonly apiKey: string };
  readonly runpod: { readonly url: string; readonly apiKey: string };
  readonly lambda: { readonly url: string; readonly apiKey: string };
  readonly ledger: { readonly url: string };
}

export interface RunningMarket extends AsyncDisposable {
  readonly endpoints: MarketEndpoints;
  readonly tail: () => string;
}

export function marketExists(): boolean {
  return existsSync(join(root, 'src', 'practice', 'main.ts'));
}

export async function startMarketProcess(args: readonly string[] = []): Promise<RunningMarket> {
  const server = leash(process.execPath, [join(import.meta.dirname, 'bootstrap.mjs'), 'market', ...args, '--json']);
  const [line] = await until('the practice market to answer', () => server.said(/^\{.*"ledger".*\}$/m), { detail: server.tail });
  return { endpoints: JSON.parse(line), tail: server.tail, [Symbol.asyncDispose]: server.end };
}

/** How the extension and the headless commands are told where the markets are and who is asking. */
export function marketEnvironment(endpoints: MarketEndpoints, home: string): Record<string, string> {
  const { ledger, ...providers } = endpoints;
  const signIn = Object.entries(providers).flatMap(([id, { url, apiKey }]) => [
    [`GPU_RENTAL_${id.toUpperCase()}_URL`, url],
    [`GPU_RENTAL_${id.toUpperCase()}_KEY`, apiKey],
  ]);
  return { ...Object.fromEntries(signIn), GPU_RENTAL_HOME: home, GPU_RENTAL_TEST_LEDGER: ledger.url };
}
