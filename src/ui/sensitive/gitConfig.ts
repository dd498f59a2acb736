/** A file below the folder, or anywhere by a whole path; undefined when there is none. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** The text of a folder's Git configuration. Of a work tree of its own, or of a submodule, `.git` is a file that says where the rest lies. */
export async function gitConfigOf(read: ReadText): Promise<string | undefined> {
  const plainly = await read('.git/config');
  if (plainly !== undefined) return plainly;
  const [, at] = /^gitdir: (.+?)\s*$/m.exec((await read('.git')) ?? '') ?? [];
  if (at === undefined) return undefined;
  // A submodule has its own; work trees share that of the repository that they belong to.
  return (await read(`${at}/config`)) ?? read(`${at}/../../config`);
}
