import { isRecord, viewWith } from '../shared/viewIn.ts';
import type { PanelView } from './messages.ts';

/** What is walked over or read as a text when a view is drawn; everything else may be missing. */
const withLists = viewWith<PanelView>(['questions', 'facts', 'unread', 'picks', 'offers', 'elsewhere', 'assumptions', 'gaps']);
const texts = ['name', 'read', 'headline', 'count'] as const satisfies readonly (keyof PanelView)[];

/** The view in a message of the extension; undefined for anything else that reaches the page. */
export function viewIn(message: unknown): PanelView | undefined {
  const view = withLists(message);
  return view !== undefined && isRecord(view) && texts.every((name) => typeof view[name] === 'string') ? view : undefined;
}
