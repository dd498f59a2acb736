import { goBack, type Dialogs, type FileToSave, type Input, type Note, type Pick, type ProgressTask, type Question } from '../../../../src/ui/dialogs.ts';

/** One answer of the person, in the order in which they are asked. */
export type Answer =
  | { readonly press: string | undefined }
  | { readonly choose: RegExp | typeof goBack | undefined }
  | { readonly type: string | undefined };

type Asked =
  | { readonly is: 'question'; readonly question: Question<string> }
  | { readonly is: 'note'; readonly note: Note<string> }
  | { readonly is: 'pick'; readonly pick: Pick<unknown> }
  | { readonly is: 'input'; readonly input: Input }
  | { readonly is: 'save'; readonly file: FileToSave }
  | { readonly is: 'progress'; readonly title: string; readonly cancellable: boolean };

/** A person who knows what will be asked. A question that nobody expected fails the test; a note may pass unanswered. */
export class ScriptedDialogs implements Dialogs {
  readonly asked: Asked[] = [];
  readonly stages: string[] = [];
  /** Presses Cancel as soon as a stage reads like this. */
  cancelAt: RegExp | undefined;
  /** What is pressed on a note that reads like the key, once. */
  readonly onNotes: { readonly text: RegExp; readonly press: string }[] = [];
  readonly #answers: Answer[];

  constructor(...answers: Answer[]) {
    this.#answers = answers;
  }

  get questions(): readonly Question<string>[] {
    return this.asked.flatMap((asked) => (asked.is === 'question' ? [asked.question] : []));
  }

  get notes(): readonly Note<string>[] {
    return this.asked.flatMap((asked) => (asked.is === 'note' ? [asked.note] : []));
  }

  get picks(): readonly Pick<unknown>[] {
    return this.asked.flatMap((asked) => (asked.is === 'pick' ? [asked.pick] : []));
  }

  get saved(): readonly FileToSave[] {
    return this.asked.flatMap((asked) => (asked.is === 'save' ? [asked.file] : []));
  }

  get titles(): readonly string[] {
    return this.asked.flatMap((asked) => (asked.is === 'progress' ? [asked.title] : []));
  }

  get unused(): number {
    return this.#answers.length;
  }

  confirm<B extends string>(question: Question<B>): Promise<B | undefined> {
    this.asked.push({ is: 'question', question });
    const answer = this.#next('press', question.title);
    if (answer.press === undefined) return Promise.resolve(undefined);
    return Promise.resolve(button(question.buttons, answer.press));
  }

  notify<B extends string>(note: Note<B>): Promise<B | undefined> {
    this.asked.push({ is: 'note', note });
    const at = this.onNotes.findIndex(({ text }) => text.test(note.text));
    const [answer] = at < 0 ? [] : this.onNotes.splice(at, 1);
    return Promise.resolve(answer && button(note.buttons, answer.press));
  }

  pick<T>(pick: Pick<T>): Promise<T | typeof goBack | undefined> {
    this.asked.push({ is: 'pick', pick });
    const { choose } = this.#next('choose', pick.title);
    if (choose === undefined || choose === goBack) return Promise.resolve(choose);
    const found = pick.choices.find((choice) => choose.test([choice.label, choice.description].join(' ')));
    if (!found) throw new Error(`nothing like ${choose} in: ${pick.choices.map(({ label }) => label).join(', ')}`);
    return Promise.resolve(found.value);
  }

  input(input: Input): Promise<string | undefined> {
    this.asked.push({ is: 'input', input });
    const { type } = this.#next('type', input.title);
    if (type !== undefined) {
      const refused = input.refuse(type);
      if (refused !== undefined) throw new Error(`${type} was refused: ${refused}`);
    }
    return Promise.resolve(type);
  }

  save(file: FileToSave): Promise<string | undefined> {
    this.asked.push({ is: 'save', file });
    return Promise.resolve(`file:///${file.name}`);
  }

  async progress<T>(title: string, cancellable: boolean, task: ProgressTask<T>): Promise<T> {
    this.asked.push({ is: 'progress', title, cancellable });
    const stop = new AbortController();
    return task((message) => {
      this.stages.push(message);
      if (cancellable && this.cancelAt?.test(message)) stop.abort();
    }, stop.signal);
  }

  #next<K extends 'press' | 'choose' | 'type'>(kind: K, what: string): Extract<Answer, Record<K, unknown>> {
    const answer = this.#answers.shift();
    if (answer === undefined || !(kind in answer)) throw new Error(`nobody expected to be asked: ${what}`);
    return answer as Extract<Answer, Record<K, unknown>>;
  }
}

function button<B extends string>(buttons: readonly { id: B }[], id: string): B {
  const found = buttons.find((one) => one.id === id);
  if (!found) throw new Error(`no button ${id} among: ${buttons.map((one) => one.id).join(', ')}`);
  return found.id;
}
