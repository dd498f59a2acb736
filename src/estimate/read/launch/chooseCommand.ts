/** Which of all the commands that stand around is the one that starts this file. */
import type { Parsers, SourceFile } from '../../../domain/source.ts';
import { baseName } from '../files.ts';
import { stringOf } from '../python/value.ts';
import { commandsOfCells, findCommands } from './findCommands.ts';
import type { Command } from './command.ts';
import { notebookCells } from '../notebook.ts';

const names = (command: Command, file: string): boolean => {
  const name = baseName(file);
  const module = file.replace(/\.py$/, '').replaceAll('/', '.');
  return baseName(command.program) === name || command.program === module || module.endsWith(`.${command.program}`)
    || [...command.positional, ...command.flags.values()].some((value) => { const held = stringOf(value); return held !== undefined && baseName(held) === name; });
};

const isScript = ({ path }: SourceFile): boolean => /\.(sh|bash|zsh|slurm|sbatch)$/.test(path);

/** A shell file starts what it starts; for any other file the places are asked from the nearest to the farthest. */
export function chooseCommand(open: SourceFile, beside: readonly SourceFile[], parsers: Parsers): Command | undefined {
  if (isScript(open)) return trainingOf(findCommands(open, parsers));
  if (open.path.endsWith('.ipynb')) {
    const cells = notebookCells(open.text, parsers);
    return cells && trainingOf(commandsOfCells(cells.raw, open.path, cells.lineOf).filter(({ launcher, program }) => launcher !== 'python' || /train|finetune|fine_tune/.test(program)));
  }
  if (/\.(md|rst)$/.test(open.path)) {
    const all = findCommands(open, parsers);
    // A README for several scripts speaks of the one that stands beside it.
    const here = all.filter(({ program }) => beside.some(({ path }) => baseName(path) === baseName(program)));
    return trainingOf(here.length > 0 ? here : all);
  }
  if (/(tasks|launch)\.json$/.test(open.path)) return trainingOf(findCommands(open, parsers));
  const own = findCommands(open, parsers).filter((command) => names(command, open.path));
  for (const group of [beside.filter(isScript), beside.filter(({ path }) => /(tasks|launch)\.json$|makefile$/i.test(path)), beside.filter(({ path }) => /\.(md|rst)$/i.test(path))]) {
    const found = group.flatMap((file) => findCommands(file, parsers)).filter((command) => names(command, open.path));
    // A README shows what people do first; later examples are for other cases.
    if (found.length > 0) return found[0];
  }
  // Examples in a docstring contradict each other: one alone may be believed.
  return own.length === 1 ? own[0] : undefined;
}

/** A file may prepare data before it trains. */
const trainingOf = (commands: readonly Command[]): Command | undefined =>
  commands.find(({ program, flags }) => /train|finetune|fine_tune|sft|dpo|pretrain/i.test(program) || flags.size >= 5) ?? commands.find(({ launcher }) => launcher !== 'python') ?? commands.at(-1);
