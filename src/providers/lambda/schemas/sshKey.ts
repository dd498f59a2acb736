import * as z from 'zod/mini';

export const sshKeyList = z.array(z.unknown());
/** The name is what a launch asks for; there is no other way to a machine. */
export const sshKeyRow = z.object({ name: z.string().check(z.minLength(1)), public_key: z.string() });
