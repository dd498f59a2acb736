import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TransferError, type TransferProblem } from '../../../src/domain/dataStore.ts';
import { TransferLog } from '../../../src/scripts/transferLog.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const stats = (figures: object): string => `${JSON.stringify({ level: 'notice', msg: '\nTransferred: …', stats: figures, source: 'accounting/stats.go:549' })}\n`;
const begin = 'gpu-rental:begin=\n';

function ended(exit: number | undefined, ...lines: readonly string[]): TransferProblem | undefined {
  const log = new TransferLog();
  log.read(bytes(begin + lines.map((line) => `${line}\n`).join('') + (exit === undefined ? '' : `gpu-rental:exit=${exit}\n`)));
  try {
    log.end([]);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof TransferError);
    return error.problem;
  }
}

describe('what a copying program says', () => {
  it('is read wherever the pieces are cut', () => {
    const text = `Welcome\n{"stats":{"bytes":99}}\n${begin}${stats({ bytes: 10, totalBytes: 40, transfers: 0, totalTransfers: 3, eta: 7 })}noise\n${stats({ bytes: 40, totalBytes: 40, transfers: 3, totalTransfers: 3, checks: 2, eta: null })}\ngpu-rental:exit=0\n`;
    const whole = bytes(text);
    fc.assert(fc.property(fc.array(fc.nat(whole.length), { maxLength: 12 }), (cuts) => {
      const log = new TransferLog();
      const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
      const seen = at.slice(1).flatMap((to, index) => log.read(whole.slice(at[index], to)) ?? []);
      assert.deepEqual(log.end([]), { files: 3, bytes: 40, same: 2 });
      assert.deepEqual(seen.at(-1), { files: 3, bytes: 40, filesInAll: 3, bytesInAll: 40 });
      assert.ok(seen.every(({ bytes }) => bytes !== 99), 'what stands before the mark is somebody else’s');
    }));
    const log = new TransferLog();
    assert.deepEqual(log.read(bytes(begin + stats({ bytes: 10, totalBytes: 40, transfers: 0, totalTransfers: 3, eta: 7 }))), { files: 0, bytes: 10, filesInAll: 3, bytesInAll: 40, leftMs: 7000 });
  });

  it('tells why it failed', () => {
    const line = (msg: string): string => JSON.stringify({ level: 'error', msg });
    const cases: readonly (readonly [TransferProblem | undefined, number | undefined, string])[] = [
      [undefined, 0, 'anything'],
      ['denied', 1, line('operation error S3: HeadObject, https response error StatusCode: 403, api error Forbidden: Forbidden')],
      ['denied', 1, line('Failed to create file system: googleapi: Error 401: Unauthorized')],
      ['denied', 1, line('failed to authorize account: Unknown 401 (401 bad_auth_token)')],
      ['notFound', 3, line('directory not found')],
      ['notFound', 1, line('NoSuchBucket: The specified bucket does not exist')],
      ['diskFull', 1, line('write /workspace/x: no space left on device')],
      ['unreachable', 1, line('dial tcp: lookup s3.example on 127.0.0.53:53: no such host')],
      ['noTool', 92, ''],
      ['notFound', 91, ''],
      ['other', 1, 'something nobody knows'],
      ['other', 137, ''],
      ['other', undefined, ''],
    ];
    for (const [problem, exit, words] of cases) assert.equal(ended(exit, words), problem, words);
  });

  it('never says a key again', () => {
    const log = new TransferLog();
    log.read(bytes(`${begin}${JSON.stringify({ level: 'error', msg: 'refused AKID123 with s3cr3t/key' })}\ngpu-rental:exit=1\n`));
    assert.throws(() => log.end(['AKID123', 's3cr3t/key', '']), (error) => error instanceof TransferError && error.detail === 'refused … with …' && !error.message.includes('s3cr3t'));
  });

  it('is nothing but figures, whatever it is', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.json().map((json) => `{"stats":${json}}\n`), fc.record({ bytes: fc.anything(), transfers: fc.double(), checks: fc.integer() }).map((figures) => {
      try {
        return stats(figures);
      } catch {
        return '';
      }
    }));
    fc.assert(fc.property(fc.array(anything), (pieces) => {
      const log = new TransferLog();
      log.read(bytes(begin));
      for (const piece of pieces) {
        for (const value of Object.values(log.read(bytes(piece)) ?? {})) assert.ok(Number.isFinite(value) && value >= 0);
      }
    }));
  });

  it('takes no memory for a line that never ends', () => {
    const log = new TransferLog();
    log.read(bytes(begin));
    for (let at = 0; at < 200; at++) log.read(new Uint8Array(64 * 1024).fill(120));
    log.read(bytes(`\n${stats({ bytes: 5, transfers: 1 })}gpu-rental:exit=0\n`));
    assert.deepEqual(log.end([]), { files: 1, bytes: 5, same: 0 });
  });
});
