// The scaffolding of every wire server: routes, JSON, the market's Date header,
// latency, request counts, and the faults a gateway adds to any answer.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { MarketClock } from './clock.ts';
import type { Faults, Provider } from './faults.ts';
import { compileRoutes, hugeBody, matchRoute, parseBody, readBody, splitPath } from './httpRouting.ts';
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
  /** The faults of gateways do not touch it. */
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

// Long enough to notice, short of every client's time-out.
const slowMs = 5000;

const gatewayPage = (title: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;

/** One request, however it travelled. */
export interface Arrival {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** null: it was longer than is allowed. */
  readonly body: string | null;
  readonly ip: string;
}

export interface Outcome {
  readonly answer: HttpAnswer;
  /** Milliseconds until it goes out. */
  readonly delayMs: number;
}

/** The server without its socket. */
export interface HttpHandler {
  readonly requests: ReadonlyMap<string, number>;
  /** Always answers: a bug of the market is the provider's 500. */
  handle(arrival: Arrival): Promise<Outcome>;
}

export function createHttpHandler(options: HttpOptions): HttpHandler {
  const { faults, provider, random } = options;
  const routes = compileRoutes(options.routes);
  const requests = new Map<string, number>();
  const hit = (name: 'html' | 'half-json' | 'rate-limit' | 'server-error' | 'slow') =>
    provider !== undefined && faults !== undefined && faults.hit(name, provider);
  const either = () => random?.chance(0.5) ?? true;

  async function carryOut(call: HttpCall, route: Route): Promise<HttpAnswer> {
    const early = options.before?.(call, route) ?? null;
    if (early !== null) return early;
    if (route.sheltered === true) return route.handle(call);
    if (hit('rate-limit') && options.limited !== undefined) return options.limited();
    if (hit('server-error'))
      return either() ? options.crashed(new Error('server-error')) : html(503, '503 Service Temporarily Unavailable');
    const answer = await route.handle(call);
    if (answer.drop === true || answer.stream !== undefined) return answer;
    if (hit('html')) return either() ? html(502, '502 Bad Gateway') : html(200, 'Just a moment...');
    if (hit('half-json') && answer.body !== undefined) {
      const text = serialize(answer);
      return {
        ...answer,
        headers: { ...answer.headers, 'content-type': contentType(answer) },
        body: text.slice(0, Math.floor(text.length / 2)),
      };
    }
    return answer;
  }

  async function answerTo({ method, url: address, headers, body: rawBody, ip }: Arrival): Promise<{ answer: HttpAnswer; call: HttpCall }> {
    const url = new URL(address, 'http://127.0.0.1');
    const parts = splitPath(url.pathname);
    const call: HttpCall = {
      method,
      path: url.pathname,
      params: {},
      query: url.searchParams,
      headers,
      ...parseBody(rawBody ?? ''),
      rawBody: rawBody ?? '',
      ip,
    };
    for (const candidate of routes) {
      const params = candidate.route.method === method ? matchRoute(candidate, parts) : null;
      if (params === null) continue;
      requests.set(candidate.name, (requests.get(candidate.name) ?? 0) + 1);
      if (rawBody === null && options.tooLarge !== undefined) return { answer: options.tooLarge(), call };
      const withParams = { ...call, params };
      return { answer: await carryOut(withParams, candidate.route), call: withParams };
    }
    const unknown = `${method} ${url.pathname.replaceAll(/\d+/g, '{id}')}`;
    requests.set(unknown, (requests.get(unknown) ?? 0) + 1);
    return { answer: options.notFound(call), call };
  }

  return {
    requests,
    async handle(arrival) {
      let outcome: HttpAnswer;
      try {
        const { answer, call } = await answerTo(arrival);
        outcome = options.after?.(answer, call) ?? answer;
      } catch (error) {
        console.error(error);
        outcome = options.crashed(error);
      }
      return { answer: outcome, delayMs: (options.latencyMs ?? 0) + (hit('slow') ? slowMs : 0) };
    },
  };
}

/** What goes over the wire: an answer as its head and its text; a stream's text is not known yet. */
export function writeAnswer(answer: HttpAnswer, clock: MarketClock): { readonly headers: Record<string, string>; readonly text: string | undefined } {
  const text = answer.stream === undefined ? serialize(answer) : undefined;
  return {
    headers: {
      ...(answer.body === undefined ? {} : { 'content-type': contentType(answer) }),
      ...(text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
      ...answer.headers,
      date: new Date(clock.now()).toUTCString(),
    },
    text,
  };
}

export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const handler = createHttpHandler(options);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body: string | null;
    try {
      body = await readBody(request, options.maxBodyBytes ?? hugeBody);
    } catch {
      // It hung up, or sends without end: there is nobody to answer.
      return void request.socket.destroy();
    }
    const { answer, delayMs } = await handler.handle({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: request.headers,
      body,
      ip: request.socket.remoteAddress ?? '',
    });
    if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
    if (answer.drop === true || response.destroyed) {
      request.socket.destroy();
      return;
    }
    const { headers, text } = writeAnswer(answer, options.clock);
    response.writeHead(answer.status, headers);
    if (answer.stream === undefined) response.end(text);
    else answer.stream(response);
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a numeric port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests: handler.requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function html(status: number, title: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/html' }, body: gatewayPage(title) };
}

// Exactly this, no charset: the Vast CLI refuses a search answer otherwise.
function contentType(answer: HttpAnswer): string {
  return answer.headers?.['content-type'] ?? (typeof answer.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json');
}

function serialize(answer: HttpAnswer): string {
  if (answer.body === undefined) return '';
  return typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
}
