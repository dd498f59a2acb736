// The shapes Vast answers errors in. They are not uniform, and clients have to
// cope with each: a code and a text, plain text, or {"detail"}.
import type { HttpAnswer } from '../httpServer.ts';

export const json = (body: unknown, status = 200): HttpAnswer => ({ status, body });

export const ok = (extra: Readonly<Record<string, unknown>> = {}): HttpAnswer => json({ success: true, ...extra });

export function fail(status: number, error: string, msg: string, extra: Readonly<Record<string, unknown>> = {}): HttpAnswer {
  return json({ success: false, error, msg, ...extra }, status);
}

export const noSuchInstance = (id: string | number): HttpAnswer => fail(404, 'no_such_instance', `Instance ${id} not found.`);

export const invalidArgs = (msg: string, askId?: number): HttpAnswer =>
  fail(400, 'invalid_args', `error 400/3467: Invalid args: ${msg}`, askId === undefined ? {} : { ask_id: askId });

export const invalidRequest = (msg: string): HttpAnswer => json({ success: false, error: 'invalid_request', msg }, 400);

export const serverError = (): HttpAnswer => ({
  status: 500,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n',
});

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
