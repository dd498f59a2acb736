import type { FactName, Gap } from '../../../../../src/estimate/facts.ts';
import type { Parsers, SourceFile } from '../../../../../src/domain/source.ts';
import { readConfig } from '../../../../../src/estimate/read/config/readConfig.ts';
import { Draft } from '../../../../../src/estimate/read/draft.ts';
import type { Workload } from '../../../../../src/estimate/workload.ts';
import { loadParsers } from '../../../../../src/syntax/parsers.ts';

export interface ReadBack {
  readonly known: boolean;
  readonly draft: Draft;
  readonly gaps: readonly Gap[];
  /** `config 3`, `default`, `table`: source and line of a fact. */
  from(name: FactName): string | undefined;
  get<N extends FactName>(name: N): Workload[N] | undefined;
  modelName(): string | undefined;
}

export const parsers: Promise<Parsers> = loadParsers();

/** The first file is the one that is read; the others lie beside it. */
export async function reading(files: Readonly<Record<string, string>>): Promise<ReadBack> {
  const sources: readonly SourceFile[] = Object.entries(files).map(([path, text]) => ({ path, text: text.replace(/^\n/, '') }));
  const [file] = sources;
  if (file === undefined) throw new Error('no file to read');
  const ready = await parsers;
  const root = file.path.endsWith('.toml') ? ready.toml(file.text) : file.path.endsWith('.json') ? ready.json(file.text) : ready.yaml(file.text);
  const draft = new Draft();
  const gaps: Gap[] = [];
  const known = root !== undefined && readConfig(file, root, sources, draft, ready, gaps);
  return {
    known, draft, gaps,
    from: (name) => {
      const fact = draft.fact(name);
      return fact && [fact.source, fact.line].filter((part) => part !== undefined).join(' ');
    },
    get: (name) => draft.get(name),
    modelName: () => draft.get('model')?.name,
  };
}
