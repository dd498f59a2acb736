import type { Notes } from '../domain/store.ts';

export const alertsNote = 'alerts';

/** Whether there are any, without reading them: asked for as long as an editor is open. */
export const anyAlerts = (notes: Pick<Notes, 'note'>): boolean => (notes.note(alertsNote)?.length ?? 0) > '[]'.length;
