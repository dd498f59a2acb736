/** Ready-made starts: the account's own, and those that Vast recommends. Other people's are thousands, and nobody vouches for them. */
import type { Call, Http } from '../../domain/http.ts';
import { isImage, templateMatches, type StartTemplate, type TemplatePage } from '../../domain/start.ts';
import { plainText } from '../http/plainText.ts';
import { parseWith } from '../http/read.ts';
import { compact } from './compact.ts';
import { readDockerFlags } from './dockerFlags.ts';
import { accepted } from './problems.ts';
import { templatePage, templateRow, userId, type TemplateRow } from './schemas/template.ts';

type Whose = { readonly recommended: { readonly eq: true } } | { readonly creator_id: { readonly eq: number } };

/** What is shown to choose from; more than this nobody reads. */
const most = 200;
/** Beside the guard there is room for a short word, which is what Vast's own templates have. */
const longestCommand = 40;

export async function templates(http: Http, query: string, signal: AbortSignal): Promise<TemplatePage> {
  const me = await http.send(readUserId(), signal);
  const own = await http.send(readTemplates({ creator_id: { eq: me } }, 'you'), signal);
  const theirs = await http.send(readTemplates({ recommended: { eq: true } }, 'provider'), signal);
  const all = [...new Map([...theirs.templates, ...own.templates].map((each) => [each.id, each])).values()];
  const found = all.filter(({ template }) => templateMatches(template, query)).map(({ template }) => template);
  const sorted = found.toSorted((a, b) => Number(b.by === 'you') - Number(a.by === 'you') || a.name.localeCompare(b.name));
  return { templates: sorted.slice(0, most), dropped: own.dropped + theirs.dropped, more: sorted.length > most };
}

interface TemplateRead {
  readonly templates: readonly { readonly id: number | string; readonly template: StartTemplate }[];
  readonly dropped: number;
}

export const readTemplates = (whose: Whose, by: StartTemplate['by']): Call<TemplateRead> => ({
  method: 'GET',
  path: '/api/v0/template/',
  query: {
    select_cols: JSON.stringify(['id', 'name', 'image', 'tag', 'default_tag', 'env', 'onstart', 'recommended', 'recommended_disk_space', 'creator_id']),
    // What does not start SSH could be rented and never reached.
    select_filters: JSON.stringify({ use_ssh: { eq: true }, ...whose }),
  },
  key: 'required',
  pace: { name: 'vast.templates', gapMs: 3_200 },
  retry: 'safe',
  read: (answer) => {
    const rows = parseWith(templatePage, accepted(answer)).templates;
    const read = rows.flatMap((raw) => {
      const row = templateRow.safeParse(raw).data;
      const template = row && templateOf(row, by);
      return row === undefined || template === undefined ? [] : [{ id: row.id ?? `${row.name} ${row.image}`, template }];
    });
    return { templates: read, dropped: rows.length - read.length };
  },
});

const readUserId = (): Call<number> => ({
  method: 'GET',
  path: '/api/v0/users/current',
  key: 'required',
  pace: { name: 'vast.user', gapMs: 1_100 },
  retry: 'safe',
  read: (answer) => parseWith(userId, accepted(answer)).id,
});

function templateOf(row: TemplateRow, by: StartTemplate['by']): StartTemplate | undefined {
  const { ports, env } = readDockerFlags(row.env ?? '');
  const image = imageOf(row);
  const script = (row.onstart ?? '').trim();
  const fits = script.length <= longestCommand && !/[\r\n]/.test(script);
  if (image === undefined) return undefined;
  return {
    image, ports, env, by,
    name: plainText(row.name, 80) || image,
    withoutScript: script !== '' && !fits,
    private: by === 'you' && Object.keys(env).length > 0,
    ...compact({
      command: script !== '' && fits ? script : undefined,
      diskGb: row.recommended_disk_space !== undefined && row.recommended_disk_space >= 1 ? Math.ceil(row.recommended_disk_space) : undefined,
    }),
  };
}

/** The tag stands apart, or in the image already. */
function imageOf({ image, tag, default_tag: usual }: TemplateRow): string | undefined {
  const bare = image.trim();
  const wanted = (tag ?? usual ?? '').trim();
  const whole = wanted === '' || /[:@][^/]*$/.test(bare) ? bare : `${bare}:${wanted}`;
  return isImage(whole) ? whole : undefined;
}
