import * as z from 'zod/mini';
import { amount, id, maybe, text } from './loose.ts';

/** `GET /users/current`. `credit` is what can be spent; `balance` is what is owed. The account's API key is in it too. */
export const user = z.object({ id: maybe(id), credit: amount, username: maybe(text), fullname: maybe(text), email: maybe(text) });
