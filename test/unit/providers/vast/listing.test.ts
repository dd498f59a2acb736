import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isAbort, RentError } from '../../../../src/domain/errors.ts';
import type { Answer } from '../../../../src/domain/http.ts';
import { list } from '../../../../src/providers/vast/listing.ts';
import { answer, at, never, recorded, scripted, withCode, type Asked } from './support.ts';

const row = (id: number): Record<string, unknown> => ({ ...recorded('instance'), id });
const page = (ids: readonly number[], total: number, next: string | null, change: object = {}): Answer =>
  answer({ success: true, instances_found: ids.length, total_instances: total, next_token: next, instances: ids.map(row), ...change });
const keys = async (listing: ReturnType<typeof list>): Promise<[string[], boolean]> => {
  const { instances, complete } = await listing;
  return [instances.map(({ key }) => key), complete];
};

/** A server that gives `all` in pages, by tokens that hold the offset. */
function serving(all: readonly number[], size: number): (call: Asked) => Answer {
  return ({ query }) => {
    const offset = Number(query?.['after_token'] ?? 0);
    const next = offset + size;
    return page(all.slice(offset, next), all.length, next < all.length ? String(next) : null);
  };
}

describe('the list of instances', () => {
  it('has all of all pages, and is complete', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { maxLength: 90 }), fc.integer({ min: 1, max: 25 }), async (all, size) => {
        const http = scripted(serving(all, size));
        assert.deepEqual(await keys(list(http, never())), [all.map(String), true]);
        assert.equal(http.asked.length, Math.max(1, Math.ceil(all.length / size)));
      }),
      { numRuns: 30 },
    );
  });

  it('is as old as its first page', async () => {
    const http = scripted((call, count) => ({ ...serving([1, 2, 3], 2)(call), at: at + count * 1_000 }));
    assert.equal((await list(http, never())).at, at + 1_000);
  });

  it('counts an instance once that moved between pages', async () => {
    const http = scripted((_, count) => (count === 1 ? page([1, 2], 3, 'a') : page([2, 3], 3, null)));
    assert.deepEqual(await keys(list(http, never())), [['1', '2', '3'], true]);
  });

  for (const [what, reply, expected] of [
    ['a later page fails', (_: Asked, count: number) => (count === 1 ? page([1], 2, 'a') : answer('<html>', 502)), ['1']],
    ['a later page cannot be read', (_: Asked, count: number) => (count === 1 ? page([1], 2, 'a') : answer('{"success":tr')), ['1']],
    ['a later page says no', (_: Asked, count: number) => (count === 1 ? page([1], 2, 'a') : answer({ success: false, error: 'invalid_token' }, 400)), ['1']],
    ['a token comes again', (_: Asked, count: number) => page([count], 9, 'a'), ['1', '2']],
    ['the tokens never end', (_: Asked, count: number) => page([count], 9_999, `t${count}`), Array.from({ length: 201 }, (_, index) => String(index + 1))],
    ['a row cannot be read', () => page([1], 2, null, { instances: [row(1), { id: 'x' }], instances_found: 2 }), ['1']],
    ['rows are missing from a page', () => page([1], 1, null, { instances_found: 2 }), ['1']],
    ['rows are missing from the whole', () => page([1], 2, null), ['1']],
    ['its end is not said, nor how many there are', () => page([1], 1, null, { next_token: undefined, total_instances: undefined }), ['1']],
    ['its end is not said and there are more', () => page([1], 2, null, { next_token: undefined }), ['1']],
  ] as const) {
    it(`proves no absence when ${what}`, async () => assert.deepEqual(await keys(list(scripted(reply), never())), [expected, false]));
  }

  it('is complete when its end is not said and the number of all agrees', async () => {
    assert.deepEqual(await keys(list(scripted(() => page([1], 1, null, { next_token: undefined })), never())), [['1'], true]);
    assert.deepEqual(await keys(list(scripted(() => page([1], 1, null, { total_instances: undefined })), never())), [['1'], true]);
  });

  it('is complete and empty for an account without instances', async () => {
    assert.deepEqual(await keys(list(scripted(() => page([], 0, null)), never())), [[], true]);
  });

  for (const [what, given, code] of [
    ['a wrong key', answer({ success: false, error: 'auth_error', msg: 'Invalid user key' }, 404), 'auth'],
    ['a retired address', answer({ success: false, error: 'deprecated_endpoint' }, 410), 'badResponse'],
    ['a page of a gateway', answer('<html>'), 'badResponse'],
    ['a refusal with 200', answer({ success: false, instances: [] }), 'badRequest'],
  ] as const) {
    it(`fails for ${what}, rather than being empty`, async () => {
      await assert.rejects(list(scripted(() => given), never()), withCode(code));
    });
  }

  it('fails when it is cancelled between pages', async () => {
    const cancel = new AbortController();
    const http = scripted(() => {
      cancel.abort();
      return page([1], 2, 'a');
    });
    await assert.rejects(list(http, cancel.signal), isAbort);
  });

  it('fails when nothing comes', async () => {
    await assert.rejects(list(scripted(() => {
      throw new RentError('network');
    }), never()), withCode('network'));
  });
});
