// A Vast server on a world whose time stands still, and a plain client for it.
import assert from 'node:assert/strict';
import { isRecord } from '../../../../src/practice/vast/answers.ts';
import { startVastServer } from '../../../../src/practice/vast/server.ts';
import type { ServerSettings } from '../../../../src/practice/providerServer.ts';
import { testWorld, type TestWorld, type TestWorldOptions } from '../testWorld.ts';

export const accountKey = 'account-key';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** {} when the answer is no JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface TestVast {
  readonly world: TestWorld;
  readonly url: string;
  readonly requests: ReadonlyMap<string, number>;
  /** key: null sends none. */
  call(method: string, path: string, body?: unknown, key?: string | null): Promise<Answer>;
  search(query?: Readonly<Record<string, unknown>>): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The instance's row, or null. */
  row(id: number): Promise<Readonly<Record<string, unknown>> | null>;
  /** Rents the cheapest offer a query finds, and returns its id. */
  rent(body?: Readonly<Record<string, unknown>>, query?: Readonly<Record<string, unknown>>): Promise<number>;
  /** Somebody bids more for an instance. */
  outbid(id: number, usd?: number): number | undefined;
  close(): Promise<void>;
}

export interface TestVastOptions extends TestWorldOptions, Partial<ServerSettings> {}

export function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  assert.ok(Array.isArray(value));
  return value.filter(isRecord);
}

export async function testVast(options: TestVastOptions = {}): Promise<TestVast> {
  const world = await testWorld(options);
  const server = await startVastServer(world, {
    apiKey: accountKey,
    latencyMs: 0,
    rateLimits: options.rateLimits ?? false,
    searchCap: options.searchCap ?? 64,
  });

  async function call(method: string, path: string, body?: unknown, key: string | null = accountKey): Promise<Answer> {
    const response = await fetch(server.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    return { status: response.status, headers: response.headers, text, body: isRecord(parsed) ? parsed : {} };
  }

  const vast: TestVast = {
    world,
    url: server.url,
    requests: server.requests,
    call,
    async search(query = {}) {
      const { status, text, body } = await call('POST', '/api/v0/bundles/', query, null);
      assert.equal(status, 200, text);
      return records(body['offers']);
    },
    async row(id) {
      const { status, body } = await call('GET', `/api/v0/instances/${id}/?owner=me`);
      assert.equal(status, 200);
      return isRecord(body['instances']) ? body['instances'] : null;
    },
    async rent(body = {}, query = {}) {
      const [offer] = await vast.search({ rentable: { eq: true }, direct_port_count: { gt: 0 }, order: [['dph_total', 'asc']], ...query });
      assert.ok(offer, 'an offer');
      const {
        status,
        text,
        body: answer,
      } = await call('PUT', `/api/v0/asks/${String(offer['id'])}/`, {
        image: 'pytorch/pytorch',
        disk: 20,
        runtype: 'ssh_direc ssh_proxy',
        cancel_unavail: true,
        ...body,
      });
      assert.equal(status, 200, text);
      assert.equal(typeof answer['new_contract'], 'number', text);
      return Number(answer['new_contract']);
    },
    outbid: (id, usd) => server.outbid(String(id), usd),
    async close() {
      await server.close();
      await world.close();
    },
  };
  return vast;
}
