// The scaffolding of every wire server: routes, JSON, the market's Date header,
// latency, request counts, and the faults a gateway adds to any answer.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { MarketClock } from './clock.ts';
import type { Faults, Provider } from './faults.ts';
import type { Random } from './random.ts';

export interface HttpCall {
  readonly method: string;
  readonly path: string;
  /** The values of the {names} in the route's path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown;
  readonly rawBody: string;
  /** The body is there, but is no JSON. */
  readonly badJson: boolean;
  readonly ip: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string goes out as it is, undefined as an empty body, anything else as JSON. */
  readonly body?: unknown;
  /** Cut the connection instead of answering. */
  readonly drop?: boolean;
  /** Take over the response after its head was written; for event streams. */
  readonly stream?: (response: ServerResponse) => void;
}

export interface Route {
  readonly method: string;
  /** '/api/v0/asks/{id}/'; a trailing slash makes no difference. */
  readonly path: string;
  /** Market faults of gateways do not touch it. */
  readonly sheltered?: boolean;
  handle(call: HttpCall): HttpAnswer | Promise<HttpAnswer>;
}

export interface HttpOptions {
  readonly clock: MarketClock;
  readonly routes: readonly Route[];
  readonly latencyMs?: number;
  readonly provider?: Provider;
  readonly faults?: Faults;
  readonly random?: Random;
  /** Runs before the route: an answer ends the call (limits, keys). */
  readonly before?: (call: HttpCall, route: Route) => HttpAnswer | null;
  /** Last hand on every answer (rate headers, request ids). */
  readonly after?: (answer: HttpAnswer, call: HttpCall) => HttpAnswer;
  readonly notFound: (call: HttpCall) => HttpAnswer;
  readonly crashed: (error: unknown) => HttpAnswer;
  readonly limited?: () => HttpAnswer;
  readonly maxBodyBytes?: number;
  readonly tooLarge?: () => HttpAnswer;
}

export interface HttpServer {
  readonly url: string;
  readonly requests: ReadonlyMap<string, number>;
  close(): Promise<void>;
}
