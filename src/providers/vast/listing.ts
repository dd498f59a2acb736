/** The account's instances over all pages. Absence is concluded from it, so it says when that is not allowed. */
import { isAbort } from '../../domain/errors.ts';
import type { Http } from '../../domain/http.ts';
import type { InstanceListing } from '../../domain/provider.ts';
import type { SeenInstance } from '../../domain/instance.ts';
import { listInstances, type InstancePage } from './instanceCalls.ts';

const mostPages = 200;

export async function list(http: Http, signal: AbortSignal): Promise<InstanceListing> {
  let page = await http.send(listInstances(), signal);
  // An instance made while later pages are read may be on none: the list is as old as its first page.
  const { at } = page;
  const instances = new Map<string, SeenInstance>();
  const followed = new Set<string>();
  let whole = true;
  for (;;) {
    for (const instance of page.instances) instances.set(instance.key, instance);
    whole &&= page.whole;
    if (page.next === null || page.next === undefined) break;
    if (followed.has(page.next) || followed.size === mostPages) return { instances: [...instances.values()], complete: false, at };
    followed.add(page.next);
    const following = await nextPage(http, page.next, signal);
    if (following === undefined) return { instances: [...instances.values()], complete: false, at };
    page = following;
  }
  return { instances: [...instances.values()], complete: whole && isAll(page, instances.size), at };
}

/** Where the last page does not say that it is the last, the number of all has to. */
const isAll = ({ next, total }: InstancePage, count: number): boolean => (next === null ? total === undefined || total === count : total === count);

/** What was read so far stays true when a page fails; it only proves no absence. */
async function nextPage(http: Http, token: string, signal: AbortSignal): Promise<InstancePage | undefined> {
  try {
    return await http.send(listInstances(token), signal);
  } catch (error) {
    if (isAbort(error)) throw error;
    return undefined;
  }
}
