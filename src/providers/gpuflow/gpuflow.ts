/**
 * GPUFlow as it is today: a rental is a key to one model on somebody's computer, spoken to as OpenAI is. It has no
 * public call that lists offers, prices them, or begins or ends a rental.
 */
import * as z from 'zod/mini';
import { RentError } from '../../domain/errors.ts';
import type { Answer, Call } from '../../domain/http.ts';
import type { InferenceDoor } from '../../domain/inferenceDoor.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { createHttp } from '../http/http.ts';
import { plainText } from '../http/plainText.ts';
import { parseWith, tryJson } from '../http/read.ts';
import { rateLimited } from '../http/retry.ts';
import type { Transport } from '../http/transport.ts';

export const gpuflowOrigin = 'https://gpuflow.app';

export interface GpuFlowOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly origin?: string;
  readonly transport?: Transport;
}

const models = z.object({ data: z.array(z.object({ id: z.string() })) });
const problem = z.object({ error: z.object({ message: z.optional(z.string()), code: z.optional(z.nullable(z.string())) }) });
/** The key is known, and whoever rents out the computer is not there. */
const away: readonly string[] = ['provider_offline', 'relay_unreachable', 'provider_error', 'provider_unbound'];
/** A key is one of a single model; a list of this many is none of theirs. */
const mostModels = 1000;

export const modelsCall: Call<readonly string[] | 'away'> = {
  method: 'GET', path: '/v1/models', key: 'required', pace: { name: 'models', gapMs: 1000 }, retry: 'refused', timeoutMs: 15_000,
  read: (answer) => {
    if (answer.status !== 200) return refused(answer);
    return parseWith(models, tryJson(answer.text)).data.slice(0, mostModels).map(({ id }) => plainText(id, 100));
  },
};

function refused(answer: Answer): 'away' {
  const { data } = problem.safeParse(tryJson(answer.text));
  const code = data?.error.code ?? '';
  if (away.includes(code)) return 'away';
  const { status } = answer;
  const detail = plainText(data?.error.message ?? `status ${status}`);
  if (status === 429) throw rateLimited(answer, detail);
  throw new RentError(status === 401 || code === 'invalid_api_key' ? 'auth' : status === 403 ? 'forbidden' : status >= 500 ? 'serverError' : 'badResponse', { status, detail });
}

export function createGpuFlow({ clock, log, version, origin = gpuflowOrigin, transport }: GpuFlowOptions): InferenceDoor {
  return {
    baseUrl: `${origin}/v1`,
    models: (key, signal) => createHttp({
      origin, key: () => Promise.resolve(key), clock, log, userAgent: `gpu-rental/${version}`, ...(transport === undefined ? {} : { transport }),
    }).send(modelsCall, signal),
  };
}
