// The practice market as a program: it serves until it is told to end, or its
// parent is gone.
import { startMarket, type Market } from './market.ts';
import { readCommandLine, usage } from './options.ts';

const parentCheckMs = 500;

function report(market: Market, json: boolean): string {
  const { vast, runpod, lambda, ledger } = market;
  if (json) return JSON.stringify({ vast, runpod, lambda, ledger });
  return [
    'The practice market is open. Nothing here costs anything.',
    `  Vast.ai   ${vast.url}  key ${vast.apiKey}`,
    `  RunPod    ${runpod.url}  key ${runpod.apiKey}`,
    `  Lambda    ${lambda.url}  key ${lambda.apiKey}`,
    `  Ledger    ${ledger.url}`,
    'Ctrl-C closes it and every machine on it.',
  ].join('\n');
}

function untilTold(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    // A parent that was killed outright forwards no signal.
    setInterval(() => process.ppid === parent || resolve(), parentCheckMs).unref();
  });
}

/** The exit status, once it has ended. */
export async function main(args: readonly string[]): Promise<number> {
  let commandLine;
  try {
    commandLine = readCommandLine(args);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    console.error(`market: ${reason}; ${usage}`);
    return 2;
  }
  const told = untilTold();
  const market = await startMarket(commandLine.market);
  console.log(report(market, commandLine.json));
  await told;
  await market.close();
  return 0;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
