// A practice RunPod on a standing clock, and a client that names itself.
import assert from 'node:assert/strict';
import { startRunpodServer, type RunpodServer, type RunpodSettings } from '../../../../src/practice/runpod/server.ts';
import { testWorld, type TestWorld, type TestWorldOptions } from '../testWorld.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

/** JSON that tests walk through without ceremony; a wrong step reads as undefined and fails the assertion. */
export class Json {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  at(...path: readonly (string | number)[]): unknown {
    return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), this.value);
  }

  text(...path: readonly (string | number)[]): string {
    const value = this.at(...path);
    return typeof value === 'string' ? value : assert.fail(`no text at ${path.join('.')}: ${JSON.stringify(this.value)}`);
  }

  number(...path: readonly (string | number)[]): number {
    const value = this.at(...path);
    return typeof value === 'number' ? value : assert.fail(`no number at ${path.join('.')}: ${JSON.stringify(this.value)}`);
  }

  list(...path: readonly (string | number)[]): Json[] {
    const value = this.at(...path);
    return Array.isArray(value) ? value.map((item) => new Json(item)) : assert.fail(`no list at ${path.join('.')}: ${JSON.stringify(this.value)}`);
  }
}

export interface RequestOptions {
  readonly key?: string | null;
  readonly agent?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface TestRunpod {
  readonly world: TestWorld;
  readonly server: RunpodServer;
  readonly key: string;
  raw(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Response>;
  call(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  graphql(query: string, variables?: Readonly<Record<string, unknown>>, options?: RequestOptions): Promise<Answer>;
  /** Creates a pod that is expected to work and returns its id. */
  create(body?: Readonly<Record<string, unknown>>): Promise<string>;
  pod(id: string): Promise<Json>;
  close(): Promise<void>;
}

export const rtx4090 = 'NVIDIA GeForce RTX 4090';
export const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPracticePracticePracticePracticePractice1 me@here';

export const podBody = {
  name: 'gpu-rental-test',
  image: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404',
  gpu: { id: rtx4090, count: 1 },
  cloud: 'SECURE',
  disk: 40,
  ports: ['22/tcp'],
  env: { PUBLIC_KEY: publicKey },
};

export async function testRunpod(options: TestWorldOptions = {}, settings: Partial<RunpodSettings> = {}): Promise<TestRunpod> {
  const world = await testWorld(options);
  const key = 'rpa_TEST';
  const server = await startRunpodServer(world, { apiKey: key, latencyMs: 0, rateLimits: false, searchCap: 64, ...settings });

  const raw: TestRunpod['raw'] = (method, path, body, { key: used = key, agent = 'gpu-rental-test/1', headers = {}, signal } = {}) =>
    fetch(server.url + path, {
      method,
      headers: { 'user-agent': agent, ...(used === null ? {} : { authorization: `Bearer ${used}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });

  const runpod: TestRunpod = {
    world,
    server,
    key,
    raw,
    async call(method, path, body, requestOptions) {
      const response = await raw(method, path, body, requestOptions);
      const text = await response.text();
      const json = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, text, body: new Json(json ? JSON.parse(text) : undefined) };
    },
    graphql: (query, variables, requestOptions) => runpod.call('POST', '/graphql', { query, ...(variables === undefined ? {} : { variables }) }, requestOptions),
    async create(body = {}) {
      const answer = await runpod.call('POST', '/v2/pods', { ...podBody, ...body });
      assert.equal(answer.status, 201, answer.text);
      return answer.body.text('id');
    },
    pod: async (id) => (await runpod.call('GET', `/v2/pods/${id}`)).body,
    async close() {
      await server.close();
      await world.close();
    },
  };
  return runpod;
}

/** What a refusal says, in one line to compare. */
export function refusal(answer: Answer): { status: number; type: string | null; detail: unknown; errors: unknown } {
  assert.equal(answer.body.at('status'), answer.status, answer.text);
  return { status: answer.status, type: answer.headers.get('content-type'), detail: answer.body.at('detail'), errors: answer.body.at('errors') };
}

export function problemOf(status: number, detail: string, errors?: readonly string[]) {
  return { status, type: 'application/problem+json', detail, errors };
}
