/**
 * A program that lives as long as its line: whoever started it holds its standard input open, and it is asked to end
 * when that closes, because somebody cancelled or because the connection is gone. The whole text is read before any of
 * it runs, so a line cut in the middle starts nothing.
 */
import { mark } from './marked.ts';
import { shellQuote } from './shellQuote.ts';

export interface LeashedProgram {
  /** Given to the program alone: not to the command line, and to no file. */
  readonly env: Readonly<Record<string, string>>;
  /** Shell text that ends in `exec`; its output on either stream is the program's. */
  readonly body: string;
  /** Shell text that prints while it runs, in a loop of its own. */
  readonly beside?: string;
}

/** To be written to `sh -s`. Answers `begin`, then what the program says, then `exit`. */
export const leashed = ({ env, body, beside = '' }: LeashedProgram): string => `{
exec 3<&0
printf '\\n${mark}begin=\\n'
(
exec 3<&- </dev/null 2>&1
${Object.entries(env).map(([name, value]) => `export ${checked(name)}=${shellQuote(value)}`).join('\n')}
${body}
) &
program=$!
{ while read -r _; do :; done; kill "$program"; } <&3 >/dev/null 2>&1 &
leash=$!
exec 3<&-
${beside === '' ? '' : `{ ${beside}\n} </dev/null 2>/dev/null &\nbeside=$!`}
wait "$program"
code=$?
kill "$leash" ${beside === '' ? '' : '"$beside" '}2>/dev/null
printf '\\n${mark}exit=%s\\n' "$code"
exit 0
}
`;

function checked(name: string): string {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) throw new Error(`${name} is no name of the environment`);
  return name;
}
