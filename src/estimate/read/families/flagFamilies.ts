/** Scripts that are configured by flags alone, whether their own text is there or not. */
import type { Program } from '../python/program.ts';
import { lastPart } from '../python/value.ts';
import { anchorAt, type Reader } from '../reader.ts';
import { diffusers } from './diffusers.ts';
import type { FlagFamily, Flags } from './flagFamily.ts';
import { kohya } from './kohya.ts';
import { timm } from './timm.ts';
import { transformersFlags } from './transformersFlags.ts';

const families: readonly FlagFamily[] = [kohya, diffusers, timm, transformersFlags];

export function readFlags(reader: Reader, script: string, flags: Flags, program: Program | undefined): boolean {
  const family = families.find((candidate) => candidate.is(script, flags, program));
  if (family && program?.file === reader.files[0]?.path && program) anchorLoop(reader, program);
  family?.read(reader, flags, script, program);
  return family !== undefined;
}

/** The outermost loop over the epochs is where such a script spends its money. */
function anchorLoop(reader: Reader, program: Program): void {
  const loops = program.loops.filter(({ from, to }) => program.calls.slice(from, to).some(({ callee }) => lastPart(callee) === 'backward'));
  const outermost = loops.toReversed().toSorted((a, b) => a.from - b.from || b.to - a.to)[0];
  if (outermost !== undefined && reader.anchor === undefined) anchorAt(reader, outermost.file, outermost.line);
}
