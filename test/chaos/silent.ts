import type { Log } from '../../src/domain/ports.ts';

export const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
