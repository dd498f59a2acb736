/** What a person says in place of what was read, as the reader takes it, and what follows from it. */
import { findDataset } from '../catalogue/datasets.ts';
import { findModel } from '../catalogue/models.ts';
import type { Fact, FactName, Gap, Reading } from '../facts.ts';
import type { Model, Workload } from '../workload.ts';

export type Given = ReadonlyMap<FactName, Fact['value']>;

/** Values have been checked to be possible; a model that nobody knows is left to `withGiven` to tell of. */
export function overridesOf(given: Given): Partial<Workload> {
  const model = said(given, 'model');
  const found = model === undefined ? undefined : modelSaid(model);
  const plain = [...given].filter(([name]) => name !== 'model');
  return { ...Object.fromEntries(plain), ...(found === undefined ? {} : { model: found }) };
}

export function withGiven(reading: Reading, given: Given): Reading {
  if (given.size === 0) return reading;
  return withDataset(withoutSteps(withModelGap(reading, given), given), given);
}

/** A published name, or any name with its size in it: `our-model-7B`, `350M`. */
export function modelSaid(text: string): Model | undefined {
  const known = findModel(text);
  if (known !== undefined) return known;
  const [, size = '', unit = ''] = /(?<![a-z\d.])(\d+(?:\.\d+)?) ?(m|b|t)(?![a-z\d])/i.exec(text) ?? [];
  const millions = Number(size) * ({ m: 1, b: 1e3, t: 1e6 }[unit.toLowerCase()] ?? NaN);
  return millions > 0 ? { name: text, paramsM: millions } : undefined;
}

const said = (given: Given, name: FactName): string | undefined => {
  const value = given.get(name);
  return typeof value === 'string' ? value : undefined;
};

function withModelGap(reading: Reading, given: Given): Reading {
  const model = said(given, 'model');
  const gaps = reading.gaps.filter(({ code }) => code !== 'unknownModel');
  if (model === undefined) return reading;
  const gap: Gap = { code: 'unknownModel', detail: model };
  return { ...reading, gaps: modelSaid(model) === undefined ? [...gaps, gap] : gaps };
}

/** Steps win over epochs in a script; who says epochs means them. */
function withoutSteps(reading: Reading, given: Given): Reading {
  if (!given.has('epochs') || given.has('steps')) return reading;
  const { steps: _steps, ...workload } = reading.workload;
  return { ...reading, workload, facts: reading.facts.filter(({ name }) => name !== 'steps') };
}

/** A known data set answers how many samples it has, unless the script or the person says so. */
function withDataset(reading: Reading, given: Given): Reading {
  const name = said(given, 'dataset');
  const found = name === undefined ? undefined : findDataset(name);
  if (found === undefined) return reading;
  const before = new Map(reading.facts.map((fact) => [fact.name, fact]));
  const open = (fact: FactName): boolean => !given.has(fact) && !['script', 'config', 'command'].includes(before.get(fact)?.source ?? '');
  const answers = ([['samples', found.samples], ['tokensPerSample', found.tokensPerSample]] as const)
    .flatMap(([fact, value]) => (value !== undefined && open(fact) ? [{ name: fact, value, source: 'table', certainty: 'stated' } as const] : []));
  const answered = new Set<FactName>(answers.map((fact) => fact.name));
  return {
    ...reading,
    workload: { ...reading.workload, ...Object.fromEntries(answers.map((fact) => [fact.name, fact.value])) },
    facts: [...reading.facts.filter((fact) => !answered.has(fact.name)), ...answers],
    questions: reading.questions.filter((question) => !answered.has(question.name)),
  };
}
