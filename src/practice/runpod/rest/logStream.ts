// GET /v2/pods/{id}/logs: server-sent events that stay open. An event's id is
// its time and number, so that a reader who was cut off can go on after it.
import type { HttpAnswer, HttpCall } from '../../httpServer.ts';
import type { LogLine } from '../../logBook.ts';
import type { Pod } from '../pod.ts';
import { malformed, type Parameters } from './query.ts';

const sequenceDigits = 12;

export function logStream(pod: Pod, query: Parameters, call: HttpCall): HttpAnswer {
  const source = query.oneOf('source', 'container', 'system');
  const tail = query.integer('tail', 0, 5000) ?? 100;
  const since = query.time('since');
  const lastEventId = call.headers['last-event-id'];
  const wanted = (line: LogLine) => source === undefined || line.source === source;
  const resume = typeof lastEventId === 'string' && lastEventId !== '' ? afterEvent(lastEventId) : undefined;
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', connection: 'keep-alive', 'x-accel-buffering': 'no' },
    stream(response) {
      const lines = (pod.rental?.log.lines() ?? []).filter(wanted);
      const past = resume === undefined && since === undefined ? lines.slice(lines.length - Math.min(tail, lines.length)) : lines.filter(resume ?? ((line) => line.at >= (since ?? 0)));
      for (const line of past) response.write(eventOf(line));
      response.flushHeaders();
      const end = pod.rental?.log.subscribe((line) => {
        if (wanted(line)) response.write(eventOf(line));
      });
      response.on('close', () => end?.());
    },
  };
}

function eventOf(line: LogLine): string {
  const ts = new Date(line.at).toISOString();
  return `id: ${ts}/${String(line.sequence).padStart(sequenceDigits, '0')}\ndata: ${JSON.stringify({ ts, source: line.source, line: line.text })}\n\n`;
}

/** Which lines come after an event id; a bare time stands for the end of that moment. */
function afterEvent(id: string): (line: LogLine) => boolean {
  const [time = '', sequence] = id.split('/');
  const at = Date.parse(time);
  if (Number.isNaN(at) || (sequence !== undefined && !/^\d+$/.test(sequence))) throw malformed('Last-Event-ID', `'${id}' is not a valid cursor`);
  return sequence === undefined ? (line) => line.at > at : (line) => line.sequence > Number(sequence);
}
