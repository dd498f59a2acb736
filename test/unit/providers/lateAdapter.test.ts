import assert from 'node:assert/strict';
import { lateHttp } from '../../../src/providers/http/lateHttp.ts';
import { lateAdapter, type Adapter } from '../../../src/providers/lateAdapter.ts';
import { defaultFilter } from '../../../src/domain/filter.ts';
import { isRentError } from '../../../src/domain/errors.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import type { Transport } from '../../../src/providers/http/transport.ts';
import { get } from './http/door.ts';

const never = new AbortController().signal;

/** Says of every call what it was and what it was called with. */
function speaking(): { adapter: Adapter; said: unknown[][] } {
  const said: unknown[][] = [];
  const target = {} as Adapter;
  const adapter = new Proxy(target, {
    get: (_, name) => {
      // It is no promise.
      if (name === 'then') return undefined;
      return (...args: unknown[]) => {
        said.push([name, ...args]);
        return name === 'search' ? pages() : Promise.resolve(name);
      };
    },
  });
  return { adapter, said };
}

async function* pages(): AsyncGenerator<string, void, void> {
  yield 'first';
  yield 'second';
}

describe('an adapter that is read late', () => {
  it('is read once, when something is first asked', async () => {
    let loads = 0;
    const { adapter, said } = speaking();
    const late = lateAdapter(() => Promise.resolve((loads++, adapter)));
    assert.equal(loads, 0);
    await Promise.all([late.list(never), late.destroy('1')]);
    assert.equal(loads, 1);
    assert.deepEqual(said, [['list', never], ['destroy', '1']]);
  });

  it('passes every call on, with all it was given', async () => {
    const { adapter, said } = speaking();
    const late = lateAdapter(() => Promise.resolve(adapter)) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const names = Object.keys(late).filter((name) => name !== 'search');
    assert.equal(names.length, 10);
    for (const name of names) assert.equal(await late[name]?.('a', 'b', never), name);
    // Trailing arguments that a call does not have are not passed.
    for (const [name, ...args] of said) assert.deepEqual(args, ['a', 'b', never].slice(0, args.length), String(name));
  });

  it('gives the pages of a search as they come', async () => {
    const { adapter, said } = speaking();
    const seen: unknown[] = [];
    for await (const page of lateAdapter(() => Promise.resolve(adapter)).search(defaultFilter, never)) seen.push(page);
    assert.deepEqual(seen, ['first', 'second']);
    assert.deepEqual(said, [['search', defaultFilter, never]]);
  });
});

describe('a door that is read late', () => {
  const options = { key: () => Promise.resolve('key'), clock: new FakeClock(), log: new FakeLog(), userAgent: 'test' };

  it('refuses an address that nothing may be sent to at once', () => {
    assert.throws(() => lateHttp({ ...options, origin: 'http://example.com' }), (error) => isRentError(error, 'badRequest'));
  });

  it('is the same door for every call: they are kept apart', async () => {
    const clock = new FakeClock();
    const sent: number[] = [];
    const transport: Transport = async () => {
      sent.push(clock.now());
      return { status: 200, headers: {}, text: '{}' };
    };
    const http = lateHttp({ ...options, clock, origin: 'https://example.com', transport });
    const pace = { name: 'one', gapMs: 1000 };
    await http.send(get('/a', { pace }));
    await http.send(get('/b', { pace }));
    const [first = 0, second = 0] = sent;
    assert.equal(second - first, 1000);
  });
});
