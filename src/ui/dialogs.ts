/**
 * Everything that is asked of a person, as an interface: flows are written against it, and tests
 * answer in a person's place. `undefined` always means that the person turned away.
 */
export interface Button<B extends string> {
  readonly id: B;
  readonly label: string;
}

export interface Question<B extends string> {
  readonly title: string;
  readonly detail: string;
  readonly buttons: readonly Button<B>[];
  readonly grave: boolean;
}

export interface Note<B extends string> {
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly buttons: readonly Button<B>[];
}

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
  /** Begins a new section of this name. */
  readonly section?: string;
  readonly current?: boolean;
}

export interface Pick<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
  readonly withBack?: boolean;
}

export interface Input {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  /** The value is a beginning, to be typed on. */
  readonly goesOn?: boolean;
  readonly placeholder?: string;
  readonly secret?: boolean;
  /** Why the text cannot be taken, or undefined. */
  readonly refuse: (text: string) => string | undefined;
}

/** A text that a person keeps where they like. */
export interface FileToSave {
  readonly title: string;
  readonly name: string;
  /** The file's ending, without a dot. */
  readonly kind: string;
  readonly text: string;
}

export type ProgressTask<T> = (tell: (message: string) => void, signal: AbortSignal) => Promise<T>;

export const goBack = Symbol('back');

export interface Dialogs {
  /** Modal: nothing else can be clicked until it is answered. */
  confirm<B extends string>(question: Question<B>): Promise<B | undefined>;
  notify<B extends string>(note: Note<B>): Promise<B | undefined>;
  pick<T>(pick: Pick<T>): Promise<T | typeof goBack | undefined>;
  input(input: Input): Promise<string | undefined>;
  /** Where it lies now. */
  save(file: FileToSave): Promise<string | undefined>;
  /** Cancelling, where it is offered, fires the signal; the task decides what that means and ends when it is done. */
  progress<T>(title: string, cancellable: boolean, task: ProgressTask<T>): Promise<T>;
}
