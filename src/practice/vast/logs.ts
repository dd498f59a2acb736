// Logs are not answered but published: the call gives an address that anyone
// can read, and that holds nothing for a while.
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import type { LogLine } from '../logBook.ts';
import { hexAt } from '../random.ts';
import { isRecord, noSuchInstance, ok } from './answers.ts';
import { contractOf, type Contract, type VastMarket } from './market.ts';

const defaultTail = 1000;

function text(contract: Contract, body: unknown): string {
  const asked = isRecord(body) ? body : {};
  const tail = Number(asked['tail'] ?? defaultTail);
  const filter = typeof asked['filter'] === 'string' ? asked['filter'] : '';
  const wanted = asked['daemon_logs'] === 'true' ? 'system' : 'container';
  const lines = contract.rental.log.lines().filter((line: LogLine) => line.source === wanted && line.text.includes(filter));
  if (lines.length === 0 && contract.rental.starts === 0) return `Error response from daemon: No such container: C.${contract.id}\n`;
  return lines
    .slice(-(Number.isFinite(tail) && tail > 0 ? tail : defaultTail))
    .map((line) => `${line.text}\n`)
    .join('');
}

function request(market: VastMarket, call: HttpCall): HttpAnswer {
  const contract = contractOf(market, call.params['id']);
  if (contract === undefined) return noSuchInstance(call.params['id'] ?? '');
  const hash = hexAt(32, market.world.seed, 'log', contract.id, market.logs.size);
  // Taken when the daemon gets to it, which is after the first question for it.
  market.logs.set(hash, { text: () => text(contract, call.body), asked: 0 });
  return ok({ result_url: `${market.url}/instance_logs/${hash}.log`, msg: '' });
}

const missing: HttpAnswer = {
  status: 404,
  headers: { 'content-type': 'application/xml' },
  body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
};

export function logRoutes(market: VastMarket): Route[] {
  return [
    { method: 'PUT', path: '/api/v0/instances/request_logs/{id}/', handle: (call) => request(market, call) },
    {
      method: 'GET',
      path: '/instance_logs/{file}',
      sheltered: true,
      handle(call) {
        const log = market.logs.get((call.params['file'] ?? '').replace(/\.log$/, ''));
        if (log === undefined) return missing;
        log.asked += 1;
        return log.asked === 1 ? missing : { status: 200, headers: { 'content-type': 'text/plain' }, body: log.text() };
      },
    },
  ];
}
