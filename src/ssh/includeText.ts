/**
 * Our one line in the user's own SSH configuration, as an edit of its bytes. Everything outside our
 * marks comes out as it went in: line ends, encodings and all; text here is latin1, one char a byte.
 */
import { RentError } from '../domain/errors.ts';
import { configPath } from './grammar.ts';

const opening = '# >>> GPU Rental';
const closing = '# <<< GPU Rental';

export const includeLine = (hostFile: string, platform?: NodeJS.Platform): string =>
  `Include "${configPath(hostFile, platform).replace(/[[*?]/g, '[$&]')}"`; // Include takes a glob

/** Undefined when nothing has to change. */
export function withInclude(text: string, line: string): string | undefined {
  const { bom, body, block, rest } = parts(text);
  const ours = Buffer.from(line, 'utf8').toString('latin1');
  // Also found when somebody put it there by hand, because their file is made by a tool.
  const at = body.findIndex((one) => one.trim() === ours);
  if (at >= 0 && body.slice(0, at).every(leavesItEffective)) return undefined;
  const eol = (rest[0] ?? block[0] ?? '').endsWith('\r\n') ? '\r\n' : '\n';
  return bom + [opening, ours, closing].map((one) => one + eol).join('') + rest.join('');
}

/** Undefined when there is none. */
export function withoutInclude(text: string): string | undefined {
  const { bom, block, rest } = parts(text);
  return block.length === 0 ? undefined : bom + rest.join('');
}

interface Parts {
  /** A byte order mark, which must stay first. */
  readonly bom: string;
  /** Lines with their ends: all, our three, the user's own. */
  readonly body: readonly string[];
  readonly block: readonly string[];
  readonly rest: readonly string[];
}

function parts(text: string): Parts {
  if (text.includes('\0')) throw unfit('is not plain text, and ssh cannot read it either');
  const bom = text.startsWith('\u00ef\u00bb\u00bf') ? text.slice(0, 3) : '';
  const body = text.slice(bom.length).match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const start = body.findIndex((one) => one.trim() === opening);
  const block = start < 0 ? [] : body.slice(start, start + 3);
  const marks = body.filter((one) => one.trim() === opening || one.trim() === closing).length;
  // Anything but our own three lines means that somebody edited there: not ours to throw away.
  const intact = /^\s*Include\s/i.test(block[1] ?? '') && block[2]?.trim() === closing && marks === 2;
  if (!intact && marks > 0) throw unfit(`has damaged marks, "${opening}" and "${closing}"`);
  return { bom, body, block, rest: body.filter((_, at) => start < 0 || at < start || at >= start + 3) };
}

/** Below a Host or Match our line would count for that host alone; below an option the option would win. */
const leavesItEffective = (line: string): boolean => /^\s*(?:$|#|Include[\s=])/i.test(line);

const unfit = (what: string) => new RentError('sshConfig', { detail: `the file ${what}` });
