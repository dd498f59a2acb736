// `npm test`: every check, one after the other. Nothing stops the rest; what failed is told at the end, and the
// last line holds the sums of all runners. `npm test -- unit vscode --grep "status bar"` runs a part.
import { parseArgs } from 'node:util';
import { ensureBrowserParts } from './browser.ts';
import { type Check, checks, type Context } from './checks.ts';
import { addTallies, noTests, oneFailed, type Tally } from './tally.ts';
import { temporaryFolder } from './temporary.ts';
import { type BuiltExtension, buildExtension } from './vsix.ts';

interface Wanted {
  readonly chosen: readonly Check[];
  readonly grep: string;
}

function readArguments(argv: readonly string[]): Wanted {
  const { values, positionals } = parseArgs({ args: [...argv], options: { grep: { type: 'string', default: '' } }, allowPositionals: true });
  const unknown = positionals.find((name) => !checks.some((check) => check.name === name));
  if (unknown !== undefined) throw new Error(`There is no check "${unknown}". There are: ${checks.map(({ name }) => name).join(', ')}`);
  return { grep: values.grep, chosen: positionals.length === 0 ? checks : checks.filter(({ name }) => positionals.includes(name)) };
}

const begin = ({ run }: Check, context: Context): Promise<Tally> => run(context).catch((error: unknown) => {
  console.error(error);
  return oneFailed;
});

async function runCheck(check: Check, context: Context, begun: Promise<Tally> | undefined): Promise<Tally> {
  const started = Date.now();
  console.log(`\n━━ ${check.title}`);
  const tally = await (begun ?? begin(check, context));
  console.log(`   ${sums(tally)} (${Math.round((Date.now() - started) / 1000)} s)`);
  return tally;
}

function sums({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

export async function main(argv: readonly string[]): Promise<number> {
  let wanted: Wanted;
  try {
    wanted = readArguments(argv);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
  await using scratch = await temporaryFolder('test');
  let build: Promise<BuiltExtension> | undefined;
  const context: Context = { scratch: scratch.path, grep: wanted.grep, built: () => (build ??= buildExtension(scratch.path)) };
  // Its parts take minutes to get on a new machine: that goes on beside the first checks. What fails is told there.
  if (wanted.chosen.some(({ browser }) => browser)) void ensureBrowserParts('VS Code in a browser').catch(() => undefined);
  const early = new Map(wanted.chosen.filter((check) => check.early).map((check) => [check, begin(check, context)]));
  const failed: string[] = [];
  let total = noTests;
  for (const check of wanted.chosen) {
    const tally = await runCheck(check, context, early.get(check));
    if (tally.failed > 0) failed.push(check.title);
    total = addTallies(total, tally);
  }
  if (failed.length > 0) console.log(`\nFailed: ${failed.join('; ')}`);
  console.log(`\n${sums(total)}`);
  return failed.length > 0 ? 1 : 0;
}
