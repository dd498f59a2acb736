import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Tells connections apart. */
  readonly clientPort: number | undefined;
}

export type Reply = (response: ServerResponse, received: Received, count: number) => void;

export interface LocalServer extends AsyncDisposable {
  readonly origin: string;
  readonly received: Received[];
  /** What it does from now on; `count` begins with 1. */
  reply: Reply;
}

/** A real server on this machine that does what the test says. */
export async function startServer(reply: Reply): Promise<LocalServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Received = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        clientPort: request.socket.remotePort,
      };
      received.push(one);
      local.reply(response, one, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a numeric port');
  const local: LocalServer = {
    origin: `http://127.0.0.1:${address.port}`,
    received,
    reply,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return local;
}

export const send = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => (response) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
};

export const drop: Reply = (response) => {
  response.socket?.destroy();
};

/** One reply after the other; the last stays. */
export const inTurn = (...replies: [Reply, ...Reply[]]): Reply => (response, received, count) => {
  const reply = replies[Math.min(count, replies.length) - 1] ?? replies[0];
  reply(response, received, count);
};
