/** A pod's log: the container's output and, marked as such, what the host says about pulling and starting it. */
import { stripVTControlCharacters } from 'node:util';
import type { Call } from '../../domain/http.ts';
import { misleading } from '../http/plainText.ts';
import { tryJson } from '../http/read.ts';
import { strike } from '../http/redact.ts';
import { podPath } from './podCalls.ts';
import { isOk, podRefusal } from './problems.ts';
import { logLine } from './schemas/logLine.ts';
import { eventData } from './serverSentEvents.ts';

const mostLines = 500;

/** The stream goes on as long as the pod: what is there within a short silence is the log of now. */
export const readLogs = (key: string): Call<string> => ({
  method: 'GET',
  path: `${podPath(key)}/logs`,
  query: { tail: String(mostLines) },
  accept: 'text/event-stream',
  key: 'required',
  pace: { name: 'runpod.logs', burst: 20, perMs: 60_000 },
  retry: 'safe',
  openEnded: { quietMs: 1_000, maxMs: 10_000 },
  read: (answer) => {
    if (!isOk(answer)) throw podRefusal(answer);
    // Programs print their environment, and a machine has a key of its own.
    return strike(eventData(answer.text).flatMap(textOf).slice(-mostLines).join('\n'));
  },
});

function textOf(data: string): string[] {
  const read = logLine.safeParse(tryJson(data));
  if (!read.success) return [];
  const line = withoutCodes(read.data.line).slice(0, 2_000);
  return [read.data.source === 'system' ? `[system] ${line}` : line];
}

/** Colours and cursor moves of the program go, its indentation stays. */
const withoutCodes = (line: string): string =>
  stripVTControlCharacters(line).replace(/\t/g, '  ').replace(/\p{Cc}/gu, '').replace(misleading, '').toWellFormed();
