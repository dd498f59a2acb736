import * as z from 'zod/mini';

export const auditEvents = z.array(z.unknown());

/** `lrn:cloud:account:…` of the account that what happened happened to. */
export const auditEvent = z.object({ resource_owner_lrn: z.string().check(z.regex(/^lrn:cloud:account:[\w-]{1,80}$/)) });
