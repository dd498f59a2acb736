import type { Dialogs, FileToSave, Input, Note, Pick, ProgressTask, Question } from './dialogs.ts';

/** The editor's dialogs, until a test answers in a person's place: a host under test shows none. */
export class SwitchableDialogs implements Dialogs {
  readonly #real: Dialogs;
  #current: Dialogs;

  constructor(real: Dialogs) {
    this.#real = real;
    this.#current = real;
  }

  /** Undefined gives the word back to the person. */
  answerWith(dialogs: Dialogs | undefined): void {
    this.#current = dialogs ?? this.#real;
  }

  confirm = <B extends string>(question: Question<B>) => this.#current.confirm(question);
  notify = <B extends string>(note: Note<B>) => this.#current.notify(note);
  pick = <T>(pick: Pick<T>) => this.#current.pick(pick);
  input = (input: Input) => this.#current.input(input);
  save = (file: FileToSave) => this.#current.save(file);
  progress = <T>(title: string, cancellable: boolean, task: ProgressTask<T>) => this.#current.progress(title, cancellable, task);
}
