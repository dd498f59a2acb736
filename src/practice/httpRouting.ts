// How a request finds its route, and how its body is read.
import type { IncomingMessage } from 'node:http';
import type { Route } from './httpServer.ts';

/** A caller that sends more than this is cut off. */
export const hugeBody = 8 * 2 ** 20;

export interface CompiledRoute {
  readonly route: Route;
  readonly parts: readonly string[];
  readonly name: string;
}

const split = (path: string) => path.split('/').filter((part) => part !== '');

function compile(route: Route): CompiledRoute {
  return { route, parts: split(route.path), name: `${route.method} ${route.path.replaceAll(/\{[^}]+\}/g, '{id}')}` };
}

/** Fixed paths first: /users/current/ before /users/{id}/. */
export function compileRoutes(routes: readonly Route[]): CompiledRoute[] {
  const named = (compiled: CompiledRoute) => compiled.parts.filter((part) => part.startsWith('{')).length;
  return routes.map(compile).toSorted((one, other) => named(one) - named(other));
}

/** The values of its {names} when the path fits, null when not. */
export function matchRoute(compiled: CompiledRoute, parts: readonly string[]): Record<string, string> | null {
  if (compiled.parts.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, expected] of compiled.parts.entries()) {
    const part = parts[index] ?? '';
    if (expected.startsWith('{')) params[expected.slice(1, -1)] = part;
    else if (expected !== part) return null;
  }
  return params;
}

export function splitPath(path: string): string[] {
  return split(path).map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

/** null when it is longer than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (size > hugeBody) throw new Error('the caller sends without end');
  }
  return size > limit ? null : Buffer.concat(chunks).toString('utf8');
}

export function parseBody(raw: string): { body: unknown; badJson: boolean } {
  if (raw.trim() === '') return { body: undefined, badJson: false };
  try {
    return { body: JSON.parse(raw), badJson: false };
  } catch {
    return { body: undefined, badJson: true };
  }
}
