import * as z from 'zod/mini';
import { id } from './loose.ts';

/** `PUT /asks/{id}/`. Beside it stands the instance's own API key, which nobody here needs. */
export const created = z.object({ new_contract: id });
