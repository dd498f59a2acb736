/** Reads what a copying program says: JSON lines as rclone writes them, between our own marks, among anything else. */
import { TransferError, type TransferProblem, type TransferProgress, type TransferResult } from '../domain/dataStore.ts';
import { mark } from './marked.ts';

const longestLine = 64 * 1024;

export class TransferLog {
  #rest = '';
  #begun = false;
  #progress: TransferProgress = { files: 0, bytes: 0 };
  #same = 0;
  #trouble = '';
  #exit: number | undefined;
  readonly #decoder = new TextDecoder();

  /** The newest figures, when this brought any. */
  read(chunk: Uint8Array): TransferProgress | undefined {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    const rest = lines.pop() ?? '';
    this.#rest = rest.length > longestLine ? '' : rest;
    return lines.reduce((seen: TransferProgress | undefined, line) => this.#line(line) ?? seen, undefined);
  }

  /** What came of it. Throws a `TransferError` whose words hold none of `secrets`. */
  end(secrets: readonly string[]): TransferResult {
    this.#line(this.#rest);
    if (this.#exit === 0) return { files: this.#progress.files, bytes: this.#progress.bytes, same: this.#same };
    const detail = secrets.filter((secret) => secret.length > 3).reduce((text, secret) => text.replaceAll(secret, '…'), this.#trouble).slice(0, 500);
    throw new TransferError(problemOf(this.#exit, this.#trouble), detail);
  }

  #line(line: string): TransferProgress | undefined {
    if (line.startsWith(`${mark}begin=`)) this.#begun = true;
    if (!this.#begun) return undefined;
    const code = new RegExp(`^${mark}exit=(\\d{1,3})\\s*$`).exec(line)?.[1];
    if (code !== undefined) this.#exit = Number(code);
    if (!line.startsWith('{')) {
      // Programs that fail before they can log say so in plain words; the last of them counts.
      if (line.trim() !== '' && !line.startsWith(mark)) this.#trouble = line.trim();
      return undefined;
    }
    const said = parsed(line);
    if (said === undefined) return undefined;
    if (typeof said['msg'] === 'string' && (said['level'] === 'error' || said['msg'].startsWith('Failed to'))) this.#trouble = said['msg'];
    const stats = said['stats'];
    return isRecord(stats) ? this.#take(stats) : undefined;
  }

  #take(stats: Readonly<Record<string, unknown>>): TransferProgress {
    const of = (name: string): number | undefined => figure(stats[name]);
    const [filesInAll, bytesInAll, eta] = [of('totalTransfers'), of('totalBytes'), of('eta')];
    this.#same = of('checks') ?? this.#same;
    return (this.#progress = {
      files: of('transfers') ?? this.#progress.files,
      bytes: of('bytes') ?? this.#progress.bytes,
      ...(filesInAll === undefined ? {} : { filesInAll }),
      ...(bytesInAll === undefined ? {} : { bytesInAll }),
      ...(eta === undefined ? {} : { leftMs: eta * 1000 }),
    });
  }
}

/** Exit codes above 89 are our own scripts' words, 3 and 4 are rclone's. */
function problemOf(exit: number | undefined, words: string): TransferProblem {
  if (exit === 92) return 'noTool';
  if (exit === 91 || exit === 3 || exit === 4) return 'notFound';
  return patterns.find(([pattern]) => pattern.test(words))?.[1] ?? 'other';
}

const patterns: readonly (readonly [RegExp, TransferProblem])[] = [
  [/no space left|disk quota|ENOSPC/i, 'diskFull'],
  [/\b40[13]\b|forbidden|unauthorized|access ?denied|invalidaccesskey|signaturedoesnotmatch|bad_auth|invalid_grant|gated repo|private key/i, 'denied'],
  [/\b404\b|not found|nosuchbucket|no such (?:file|bucket)|does not exist/i, 'notFound'],
  [/no such host|dial tcp|time(?:d )?-?out|connection (?:refused|reset)|name resolution|name or service not known|unreachable|certificate/i, 'unreachable'],
];

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const figure = (value: unknown): number | undefined => (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? Math.round(value) : undefined);
