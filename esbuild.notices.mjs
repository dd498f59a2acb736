// The licences of what is bundled ask that their text travels with it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licence texts of every package that these bundles contain or that is copied beside them, as one text. */
export function thirdPartyNotices(root, metafiles, copied) {
  const inputs = [...metafiles.flatMap(({ inputs }) => Object.keys(inputs)), ...copied.map((path) => `node_modules/${path}`)];
  // The innermost package of a path: a dependency may bring its own copy of another.
  const packages = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  return [...packages].toSorted().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    // Some have it in their README alone.
    const [file] = ['{LICENSE,LICENCE,License,license}*', 'README*'].flatMap((names) => globSync(names, { cwd: join(root, folder) }));
    if (file === undefined) throw new Error(`${name} ${version} is bundled and has no licence file.`);
    return `${name} ${version} (${license ?? 'see below'})\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}
