import type { Fact, FactName, Question, Reading } from '../../estimate/facts.ts';
import type { Given } from '../../estimate/read/given.ts';
import { factLabel, questionWords } from '../../estimate/wordsFacts.ts';
import type { Control, FactView, QuestionView } from '../../webview/estimate/messages.ts';
import type { Translate } from '../voice.ts';
import { factKinds, factNames, isAbout } from './factKinds.ts';
import { originWords } from './factWords.ts';
import { placeOf } from './places.ts';

export interface FactsInput {
  readonly reading: Reading;
  readonly given: Given;
  /** What was typed last and could not be taken. */
  readonly refused: FactName | undefined;
  /** Path of the script, as its facts name it. */
  readonly script: string;
}

export interface FactsViews {
  readonly questions: readonly QuestionView[];
  readonly facts: readonly FactView[];
  readonly unread: readonly FactView[];
}

export function factsViews(input: FactsInput, t: Translate): FactsViews {
  const { reading, given } = input;
  const read = new Map(reading.facts.map((fact) => [fact.name, fact]));
  // An answer moves a question to the facts, even where the reader does not tell it back.
  for (const [name, value] of given) if (read.get(name)?.source !== 'user') read.set(name, { name, value, source: 'user', certainty: 'stated' });
  const questions = reading.questions.filter(({ name }) => !given.has(name)).slice(0, 3);
  const asked = new Set(questions.map(({ name }) => name));
  const names = factNames.filter((name) => !asked.has(name) && isAbout(reading.workload.work ?? 'training', name));
  const known = names.flatMap((name) => read.get(name) ?? []);
  const rest = names.filter((name) => !read.has(name));
  return {
    questions: questions.map((question) => questionView(question, input, t)),
    facts: known.map((fact) => factView(fact, input, t)),
    unread: rest.map((name) => ({
      name,
      label: factLabel(name, t),
      control: controlOf(name, plainValue(reading, name)),
      origin: plainValue(reading, name) === undefined ? t('not read') : originWords({ source: 'default', certainty: 'assumed' }, t),
      said: false,
      ...refusal(name, input, t),
    })),
  };
}

const plainValue = (reading: Reading, name: FactName): Fact['value'] | undefined => {
  const value = reading.workload[name];
  return typeof value === 'object' ? value.name : value;
};

function questionView({ name, suggestions }: Question, input: FactsInput, t: Translate): QuestionView {
  return {
    name,
    label: questionWords(name, t),
    control: controlOf(name, undefined),
    suggestions: suggestions.slice(0, 5).map((value) => ({ value: String(value), label: String(value) })),
    ...refusal(name, input, t),
  };
}

function factView(fact: Fact, input: FactsInput, t: Translate): FactView {
  const { name, value, note } = fact;
  const place = placeOf(fact, input.script);
  return {
    name,
    label: factLabel(name, t),
    control: controlOf(name, value),
    origin: originWords(fact, t),
    said: input.given.has(name),
    ...(note === undefined ? {} : { note }),
    ...(place === undefined ? {} : { place }),
    ...refusal(name, input, t),
  };
}

function refusal(name: FactName, { refused }: FactsInput, t: Translate): { refused?: string } {
  if (refused !== name) return {};
  const kind = factKinds[name];
  return { refused: kind.kind === 'number' && kind.whole ? t('A whole number is needed, {0} at least.', kind.least) : t('That cannot be.') };
}

export function controlOf(name: FactName, value: Fact['value'] | undefined): Control {
  const kind = factKinds[name];
  const text = value === undefined ? '' : String(value);
  switch (kind.kind) {
    case 'number':
      return { kind: 'number', value: text, least: kind.least, whole: kind.whole };
    case 'choice':
      return { kind: 'choice', value: text, options: kind.values.map((option) => ({ value: option, label: option })) };
    case 'switch':
      return { kind: 'switch', value: value === true };
    case 'text':
      return { kind: 'text', value: text };
  }
}
