/** kohya's data set file: images × repeats, and the size of the pictures. The images themselves are not counted here. */
import { fileNamed } from '../files.ts';
import { fromConfig } from '../python/program.ts';
import { scalarOf, stringOf, type Value } from '../python/value.ts';
import { putNumber, type Reader } from '../reader.ts';

export function readKohyaDataset(reader: Reader, named: Value | undefined): void {
  const path = stringOf(named);
  if (path === undefined || named === undefined) return;
  const file = fileNamed(reader.files, path);
  const root = file && reader.parsers.toml(file.text);
  if (file === undefined || root === undefined) {
    reader.gaps.push({ code: 'missingFile', file: named.at.file, line: named.at.line, detail: path.slice(0, 200) });
    return;
  }
  const config = fromConfig(root, file.path);
  const general = config.kind === 'dict' ? config.entries.get('general') : undefined;
  const sets = config.kind === 'dict' ? config.entries.get('datasets') : undefined;
  const [first, ...others] = sets?.kind === 'list' ? sets.items : [];
  for (const [key, name] of [['batch_size', 'microBatch'], ['resolution', 'resolution']] as const) {
    const value = (first?.kind === 'dict' ? first.entries.get(key) : undefined) ?? (general?.kind === 'dict' ? general.entries.get(key) : undefined);
    const side = value?.kind === 'list' ? value.items[0] : value;
    // Several sets with several sizes have no one size.
    if (others.every((other) => other.kind !== 'dict' || scalarOf(other.entries.get(key)) === scalarOf(value) || !other.entries.has(key))) putNumber(reader, name, side);
  }
}
