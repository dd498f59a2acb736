import * as z from 'zod/mini';

/** A restricted key gets nulls, with errors beside them; without a key `myself` itself is null. */
export const myselfData = z.object({
  myself: z.nullish(z.object({ id: z.nullish(z.string()), clientBalance: z.nullish(z.number()), currentSpendPerHr: z.nullish(z.number()) })),
});

export const sshKeys = z.object({ keys: z.array(z.unknown()) });
