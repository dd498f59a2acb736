/** What families have in common that are configured by flags alone. */
import type { Stack, Task } from '../../workload.ts';
import type { Program } from '../python/program.ts';
import type { Place, Value } from '../python/value.ts';
import { anchorAt, putDefault, type Reader } from '../reader.ts';

export type Flags = ReadonlyMap<string, Value>;

export interface FlagFamily {
  is(script: string, flags: Flags, program: Program | undefined): boolean;
  read(reader: Reader, flags: Flags, script: string, program: Program | undefined): void;
}

/** Sets what a family is known by, and leaves the anchor on the command where no better line is found. */
export function at(reader: Reader, stack: Stack, task: Task | undefined): void {
  const place = reader.command ? { source: 'command' as const, file: reader.command.file, line: reader.command.line } : { source: 'default' as const };
  reader.draft.set('stack', stack, { ...place, certainty: 'derived' });
  if (task) reader.draft.set('task', task, { ...place, certainty: 'derived' });
  if (reader.command && reader.anchor === undefined) anchorAt(reader, reader.command.file, reader.command.line);
}

/** Said, but nobody can tell what: `--epochs $1`. What a script does when told nothing is not it. */
export const isOpen = (flags: Flags, key: string): boolean => (flags.get(key)?.kind ?? 'scalar') !== 'scalar';

type Defaulted = 'microBatch' | 'accumulation' | 'epochs' | 'steps' | 'loraRank' | 'resolution';

export function otherwise(reader: Reader, flags: Flags, key: string, name: Defaulted, value: number): void {
  if (!isOpen(flags, key)) putDefault(reader, name, value);
}

export const placeOf = ({ command, files }: Reader, program: Program | undefined): Place => (command
  ? { source: 'command', certainty: 'derived', file: command.file, line: command.line }
  : { source: 'script', certainty: 'derived', file: program?.file ?? files[0]?.path ?? '', line: 1 });
