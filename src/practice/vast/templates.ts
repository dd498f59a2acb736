// A few public templates, and one of the account's own. A template's hash is a function of its content.
import type { HttpCall, Route } from '../httpServer.ts';
import { hexAt } from '../random.ts';
import { invalidRequest, isRecord, ok } from './answers.ts';
import { textOf } from './plain.ts';
import { holds, isOperator } from './filters.ts';

export interface Template {
  readonly id: number;
  readonly hash: string;
  readonly name: string;
  readonly image: string;
  readonly tag: string;
  readonly env: readonly (readonly [string, string])[];
  readonly onstart: string;
  readonly runtype: string;
  readonly diskGb: number;
  readonly created: number;
  /** The account's own, which nobody else sees. */
  readonly own?: true;
}

const content = [
  {
    id: 62_897,
    name: 'PyTorch (Vast)',
    image: 'vastai/pytorch',
    tag: '@vastai-automatic-tag',
    env: [
      ['-p 1111:1111', '1'],
      ['OPEN_BUTTON_PORT', '1111'],
    ],
    onstart: 'entrypoint.sh',
    runtype: 'jupyter_direc ssh_direc ssh_proxy',
    diskGb: 32,
    created: 41_231,
  },
  {
    id: 78_244,
    name: 'NVIDIA CUDA',
    image: 'vastai/base-image',
    tag: '@vastai-automatic-tag',
    env: [],
    onstart: 'entrypoint.sh',
    runtype: 'ssh_direc ssh_proxy',
    diskGb: 16,
    created: 9402,
  },
  {
    id: 91_002,
    name: 'vLLM',
    image: 'vastai/vllm',
    tag: '@vastai-automatic-tag',
    env: [['-p 8000:8000', '1']],
    onstart: 'entrypoint.sh',
    runtype: 'ssh_direc ssh_proxy',
    diskGb: 64,
    created: 1870,
  },
  {
    id: 310_117,
    name: 'My trainer',
    image: 'pytorch/pytorch',
    tag: '2.4.0-cuda12.4-cudnn9-devel',
    env: [
      ['-p 6006:6006', '1'],
      ['WANDB_MODE', 'offline'],
    ],
    onstart: 'apt-get update -qq\napt-get install -y -qq rsync tmux\nmkdir -p /workspace/checkpoints',
    runtype: 'ssh_direc ssh_proxy',
    diskGb: 80,
    created: 12,
    own: true,
  },
] as const;

export const templates: readonly Template[] = content.map((template) => ({ ...template, hash: hexAt(32, JSON.stringify(template)) }));

export const templateByHash = (hash: string): Template | undefined => templates.find((template) => template.hash === hash);

function row(template: Template, userId: number) {
  const { id, hash, name, image, tag, env, onstart, runtype, diskGb, created } = template;
  const flags = env.map(([key, value]) => (key.startsWith('-') ? key : `-e ${key}=${value}`)).join(' ');
  return {
    id,
    hash_id: hash,
    name,
    image,
    tag,
    default_tag: tag,
    env: flags,
    onstart,
    runtype,
    ssh_direct: runtype.includes('ssh_direc'),
    use_ssh: true,
    jup_direct: runtype.includes('jupyter_direc'),
    recommended: template.own !== true,
    recommended_disk_space: diskGb,
    count_created: created,
    creator_id: template.own === true ? userId : 62_897,
    private: template.own === true,
    readme: null,
    extra_filters: '{}',
  };
}

export function templateRoutes(userId: number): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v0/template/',
      handle(call: HttpCall) {
        let filters: unknown;
        let columns: unknown;
        try {
          filters = JSON.parse(call.query.get('select_filters') ?? '{}');
          columns = JSON.parse(call.query.get('select_cols') ?? '["*"]');
        } catch {
          return invalidRequest('select_filters and select_cols must be JSON');
        }
        if (!isRecord(filters)) return invalidRequest('select_filters must be an object');
        let rows = templates.map((template) => row(template, userId));
        for (const [field, conditions] of Object.entries(filters)) {
          for (const [operator, value] of Object.entries(isRecord(conditions) ? conditions : {})) {
            if (isOperator(operator))
              rows = rows.filter((candidate) => holds(new Map(Object.entries(candidate)).get(field), operator, value));
          }
        }
        const chosen = Array.isArray(columns) && !columns.includes('*') ? columns.map(textOf) : null;
        const shown = chosen === null ? rows : rows.map((candidate) => Object.fromEntries(chosen.map((column) => [column, new Map(Object.entries(candidate)).get(column) ?? null])));
        return ok({ templates_found: rows.length, templates: shown });
      },
    },
  ];
}
