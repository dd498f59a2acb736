/** Ready-made starts: the account's own, RunPod's, and other people's that it has verified. Each list has at most a hundred, and no pages. */
import { isAbort } from '../../domain/errors.ts';
import type { Call, Http } from '../../domain/http.ts';
import { isImage, templateMatches, type StartTemplate, type TemplatePage } from '../../domain/start.ts';
import { plainText } from '../http/plainText.ts';
import { parseBody, readRows } from './body.ts';
import { isOk, refusal } from './problems.ts';
import { templateList, templateRow, type TemplateRow } from './schemas/template.ts';

type List = Pick<Call<unknown>, 'path' | 'query'> & { readonly by: StartTemplate['by'] };

const lists: readonly List[] = [
  { path: '/v2/templates', by: 'you' },
  { path: '/v2/catalog/templates', query: { source: 'official' }, by: 'provider' },
  { path: '/v2/catalog/templates', query: { source: 'verified' }, by: 'community' },
];

/** RunPod lists no more, and does not say when there are more. */
const cap = 100;

export async function templates(http: Http, query: string, signal: AbortSignal): Promise<TemplatePage> {
  const read = await Promise.allSettled(lists.map((list) => http.send(readTemplates(list), signal)));
  const pages = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failures = read.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const [failure] = failures;
  // A key may read the catalogue and not the account's own; what was read is worth showing.
  if (failure !== undefined && (pages.length === 0 || failures.some(isAbort))) throw failure;
  return {
    templates: pages.flatMap((page) => page.templates).filter((template) => templateMatches(template, query)),
    dropped: pages.reduce((sum, page) => sum + page.dropped, 0),
    more: failures.length > 0 || pages.some((page) => page.more),
  };
}

export const readTemplates = ({ by, path, query }: List): Call<TemplatePage> => ({
  method: 'GET',
  path,
  ...(query === undefined ? {} : { query }),
  key: 'required',
  pace: { name: 'runpod.templates', burst: 12, perMs: 60_000 },
  retry: 'safe',
  read: (answer) => {
    if (!isOk(answer)) throw refusal(answer);
    const list = parseBody(templateList, answer);
    const { rows, unread } = readRows(templateRow, list.templates);
    const pods = rows.filter(startsPods);
    const read = pods.flatMap((row) => templateOf(row, by) ?? []);
    return { templates: read, dropped: unread + pods.length - read.length, more: list.pagination?.hasNextPage === true || list.templates.length >= cap };
  },
});

/** Not serverless workers, nor machines without a GPU; and a private registry wants a password that is not here. */
const startsPods = ({ serverless, category, registry }: TemplateRow): boolean => serverless !== true && category !== 'CPU' && !registry;

function templateOf({ name, image, args, disk, mounts, ports, env }: TemplateRow, by: StartTemplate['by']): StartTemplate | undefined {
  if (!isImage(image.trim())) return undefined;
  const diskGb = Math.ceil((disk ?? 0) + (mounts?.persistent?.size ?? 0));
  return {
    image: image.trim(), by,
    name: plainText(name, 80) || image.trim(),
    ports: (ports ?? []).flatMap(innerPort),
    ...(env ? { env } : {}),
    ...(args ? { command: args } : {}),
    ...(diskGb >= 1 ? { diskGb } : {}),
    withoutScript: false,
    private: by === 'you' && Object.keys(env ?? {}).length > 0,
  };
}

/** SSH has a place of its own. */
function innerPort(port: string): number[] {
  const [, text] = /^(\d{1,5})\/(?:tcp|http)$/.exec(port) ?? [];
  const number = Number(text);
  return text !== undefined && number >= 1 && number <= 65_535 && number !== 22 ? [number] : [];
}
