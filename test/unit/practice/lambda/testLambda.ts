// A practice Lambda on a standing clock, and a client for it.
import assert from 'node:assert/strict';
import type { ServerSettings } from '../../../../src/practice/providerServer.ts';
import { startLambdaServer, type LambdaServer } from '../../../../src/practice/lambda/server.ts';
import { testWorld, type TestWorld, type TestWorldOptions } from '../testWorld.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  /** What JSON there is. */
  readonly body: unknown;
  readonly text: string;
}

/** A step into a body; a wrong one reads as undefined. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((here, key) => (typeof here === 'object' && here !== null ? Reflect.get(here, key) : undefined), value);

export const errorOf = ({ status, body }: Answer): unknown[] => [status, at(body, 'error', 'code')];

export interface TestLambda {
  readonly world: TestWorld;
  readonly server: LambdaServer;
  call(method: string, path: string, body?: unknown, authorization?: string): Promise<Answer>;
  /** What a call that must work carries. */
  data(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Launches what must be there, and gives its id. */
  launch(change?: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

export const key = 'secret_test.0123456789abcdef';
export const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPracticePracticePracticePracticePractice1 me@here';

export async function testLambda(options: TestWorldOptions = {}, settings: Partial<ServerSettings> = {}): Promise<TestLambda> {
  const world = await testWorld(options);
  const server = await startLambdaServer(world, { apiKey: key, latencyMs: 0, rateLimits: false, searchCap: 64, ...settings });
  const lambda: TestLambda = {
    world,
    server,
    async call(method, path, body, authorization = `Bearer ${key}`) {
      const response = await fetch(`${server.url}/api/v1${path}`, {
        method,
        headers: { ...(authorization === '' ? {} : { authorization }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const contentType = response.headers.get('content-type');
      return { status: response.status, contentType, text, body: contentType === 'application/json' && text !== '' ? JSON.parse(text) : undefined };
    },
    async data(method, path, body) {
      const answer = await lambda.call(method, path, body);
      assert.equal(answer.status, 200, answer.text);
      return at(answer.body, 'data');
    },
    async launch(change = {}) {
      const keys = await lambda.data('GET', '/ssh-keys');
      if (at(keys, 'length') === 0) await lambda.data('POST', '/ssh-keys', { name: 'mine', public_key: publicKey });
      const [site] = server.state.stock.free(server.state.stock.sites.find(({ type }) => type.name === 'gpu_1x_a10')?.type ?? assert.fail(), world.agenda.now());
      const data = await lambda.data('POST', '/instance-operations/launch', { region_name: site?.region.name, instance_type_name: 'gpu_1x_a10', ssh_key_names: ['mine'], name: 'box', ...change });
      return String(at(data, 'instance_ids', 0));
    },
    async close() {
      await server.close();
      await world.close();
    },
  };
  return lambda;
}
