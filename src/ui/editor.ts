import type { CommandId } from './commandIds.ts';

export type ViewId = 'gpuRental.offers' | 'gpuRental.instances';

/** What flows ask of the editor, apart from dialogs. */
export interface Editor {
  run(command: CommandId, argument?: unknown): Promise<void>;
  openExternal(url: string): Promise<void>;
  /** The address under which this person's browser reaches one of this computer's own. */
  external(url: string): Promise<string>;
  copy(text: string): Promise<void>;
  showView(view: ViewId): Promise<void>;
  openSettings(query: string): Promise<void>;
  showLog(): void;
}
