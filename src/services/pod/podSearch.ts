import { RentError } from '../../domain/errors.ts';
import type { MachineLink } from '../../domain/machineLink.ts';
import { readSearch, searchScript, type SearchAnswer, type SearchOrder } from '../../scripts/podSearch.ts';

export type { Found, SearchAnswer } from '../../scripts/podSearch.ts';

/** Cancelled, it ends on the machine too. Throws `badResponse` for what is no answer. */
export async function searchPod(link: MachineLink, order: SearchOrder, signal: AbortSignal): Promise<SearchAnswer> {
  const { stdout, stderr } = await link.run(searchScript(order), { signal });
  const answer = readSearch(stdout, order.folder, order.most);
  if (answer === undefined) throw new RentError('badResponse', { detail: stderr.slice(0, 300) });
  return answer;
}
