import type { PanelView } from './messages.ts';

/** What is walked over or read as a text when a view is drawn; everything else may be missing. */
const lists = ['questions', 'facts', 'unread', 'picks', 'offers', 'elsewhere', 'assumptions', 'gaps'] as const satisfies readonly (keyof PanelView)[];
const texts = ['name', 'read', 'headline', 'count'] as const satisfies readonly (keyof PanelView)[];

/** The view in a message of the extension; undefined for anything else that reaches the page. */
export function viewIn(message: unknown): PanelView | undefined {
  if (!isRecord(message) || message['type'] !== 'view' || !isRecord(message['view'])) return undefined;
  const view = message['view'];
  const whole = isRecord(view['labels']) && lists.every((name) => Array.isArray(view[name])) && texts.every((name) => typeof view[name] === 'string');
  return whole ? (view as unknown as PanelView) : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
