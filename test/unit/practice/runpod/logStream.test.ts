import assert from 'node:assert/strict';
import { problemOf, refusal, testRunpod, type TestRunpod } from './testRunpod.ts';

interface Event {
  readonly id: string;
  readonly data: { readonly ts: string; readonly source: string; readonly line: string };
}

describe('practice RunPod logs', () => {
  let runpod: TestRunpod;
  let id: string;
  const aborts: AbortController[] = [];

  beforeEach(async () => {
    runpod = await testRunpod();
    id = await runpod.create();
    for (const text of ['one', 'two', 'three']) {
      log('container', text);
      log('system', `about ${text}`);
      runpod.world.pass(1);
    }
  });
  afterEach(async () => {
    for (const abort of aborts.splice(0)) abort.abort();
    await runpod.close();
  });

  function log(source: 'container' | 'system', text: string): void {
    const rental = runpod.world.rentals.get('runpod', id) ?? assert.fail('the pod runs');
    rental.log.append(source, text, runpod.world.clock.now());
  }

  /** Reads events one by one from the open stream. */
  async function open(query = '', headers: Record<string, string> = {}): Promise<{ response: Response; next(): Promise<Event> }> {
    const abort = new AbortController();
    aborts.push(abort);
    const response = await runpod.raw('GET', `/v2/pods/${id}/logs${query}`, undefined, { headers, signal: abort.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail('a stream has a body');
    let text = '';
    return {
      response,
      async next() {
        while (!text.includes('\n\n')) {
          const { value, done } = await reader.read();
          if (done) assert.fail('the stream ended');
          text += value;
        }
        const end = text.indexOf('\n\n');
        const [, eventId, data] = /^id: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? assert.fail(text);
        text = text.slice(end + 2);
        return { id: eventId ?? '', data: JSON.parse(data ?? '') };
      },
    };
  }

  async function take(count: number, query?: string, headers?: Record<string, string>): Promise<Event[]> {
    const stream = await open(query, headers);
    const events: Event[] = [];
    while (events.length < count) events.push(await stream.next());
    return events;
  }
  const lines = (events: readonly Event[]) => events.map((event) => event.data.line);

  it('streams what there is and what comes', async () => {
    const stream = await open('?source=container');
    assert.equal(stream.response.headers.get('content-type'), 'text/event-stream');
    assert.equal(stream.response.headers.get('cache-control'), 'no-cache');
    assert.equal(stream.response.headers.get('x-accel-buffering'), 'no');
    assert.deepEqual([await stream.next(), await stream.next(), await stream.next()].map((event) => event.data.line), ['one', 'two', 'three']);
    log('system', 'not for this reader');
    log('container', 'four');
    const { id: eventId, data } = await stream.next();
    assert.equal(data.line, 'four');
    assert.match(eventId, /^\d{4}-\d\d-\d\dT[\d:.]+Z\/\d{12}$/);
    assert.equal(eventId.split('/')[0], data.ts);
    assert.equal(Date.parse(data.ts), runpod.world.clock.now());
  });

  it('begins with as many past lines as asked for', async () => {
    assert.deepEqual(lines(await take(2, '?source=container&tail=2')), ['two', 'three']);
    const live = await open('?source=container&tail=0');
    log('container', 'four');
    assert.equal((await live.next()).data.line, 'four');
  });

  it('tells the sources apart', async () => {
    const events = await take(2, '?tail=2');
    assert.deepEqual(events.map((event) => [event.data.source, event.data.line]), [['container', 'three'], ['system', 'about three']]);
  });

  it('goes on after the last event a reader saw, or from a time', async () => {
    const [, second] = await take(2, '?source=container');
    assert.deepEqual(lines(await take(1, '?source=container&tail=0', { 'last-event-id': second?.id ?? '' })), ['three']);
    const since = second?.data.ts ?? '';
    assert.deepEqual(lines(await take(2, `?source=container&tail=0&since=${since}`)), ['two', 'three']);
    assert.deepEqual(lines(await take(1, '?source=container', { 'last-event-id': since })), ['three']);
  });

  it('refuses what it cannot read', async () => {
    const errors = async (query: string, headers: Record<string, string> = {}) => (await runpod.call('GET', `/v2/pods/${id}/logs${query}`, undefined, { headers })).status;
    assert.deepEqual([await errors('?tail=5001'), await errors('?tail=-1'), await errors('?source=kernel'), await errors('?since=yesterday'), await errors('', { 'last-event-id': 'junk' })], [422, 422, 422, 422, 422]);
    assert.deepEqual(refusal(await runpod.call('GET', '/v2/pods/nope/logs')), problemOf(404, 'pod not found'));
  });
});
