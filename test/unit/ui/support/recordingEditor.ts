import type { Editor } from '../../../../src/ui/editor.ts';

/** Remembers what it was asked to do, and does none of it. */
export class RecordingEditor implements Editor {
  readonly done: string[] = [];
  run = async (command: string, argument?: unknown): Promise<void> => this.#note('run', command, argument);
  openExternal = async (url: string): Promise<void> => this.#note('open', url);
  /** Where this person's browser finds what is on loopback here. */
  external = async (url: string): Promise<string> => url;
  copy = async (text: string): Promise<void> => this.#note('copy', text);
  showView = async (view: string): Promise<void> => this.#note('view', view);
  openSettings = async (query: string): Promise<void> => this.#note('settings', query);
  showLog = (): void => this.#note('log');

  #note(...words: unknown[]): void {
    this.done.push(words.filter((word) => word !== undefined).map(String).join(' '));
  }
}
