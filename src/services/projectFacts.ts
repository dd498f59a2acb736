/** What a project's own files say of it. Git's are read as they lie there, so that it also works where no git is. */
import { environmentFiles, type GitPlace, type Project } from '../domain/project.ts';

/** A file below the project's folder; undefined when there is none. */
export type ReadText = (path: string) => Promise<string | undefined>;

export async function environmentOf(exists: (path: string) => Promise<boolean>): Promise<Project['environment']> {
  for (const { file, kind } of environmentFiles) if (await exists(file)) return { kind, file };
  return undefined;
}

/** Undefined without a commit or a remote that a machine could reach. */
export async function gitPlaceOf(read: ReadText): Promise<GitPlace | undefined> {
  const [config = '', head = ''] = await Promise.all([read('.git/config'), read('.git/HEAD')]);
  const url = publicUrl(remoteUrl(config) ?? '');
  const branch = /^ref: (refs\/heads\/\S+)\s*$/.exec(head)?.[1];
  const commit = branch === undefined ? head.trim() : await resolve(read, branch);
  if (url === undefined || commit === undefined || !isCommit(commit)) return undefined;
  const there = branch && (await resolve(read, branch.replace('refs/heads/', 'refs/remotes/origin/')));
  return { url, commit, pushed: there === commit };
}

async function resolve(read: ReadText, ref: string): Promise<string | undefined> {
  const loose = (await read(`.git/${ref}`))?.trim();
  if (loose !== undefined) return loose;
  const line = (await read('.git/packed-refs'))?.split('\n').find((each) => each.endsWith(` ${ref}`));
  return line?.split(' ')[0];
}

const isCommit = (text: string): boolean => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

function remoteUrl(config: string): string | undefined {
  const section = config.split(/^\s*\[/m).find((part) => /^remote\s+"origin"\]/.test(part));
  return /^\s*url\s*=\s*"?([^"\n]+?)"?\s*$/m.exec(section ?? '')?.[1];
}

/** Without any name, password or token, and by HTTPS: a rented machine has no SSH key of its owner. */
export function publicUrl(url: string): string | undefined {
  // `git@host:path` and `ssh://git@host:22/path`.
  const [, host, path] = /^(?:ssh:\/\/)?(?:[^@/\s:]+@)?([\w-]+(?:\.[\w-]+)+)(?::\d+\/|[:/])([^\s:]+)$/.exec(url) ?? [];
  if (host !== undefined && path !== undefined) return `https://${host}/${path.replace(/^\/+/, '')}`;
  if (!URL.canParse(url)) return undefined;
  const { protocol, host: at, pathname } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? `${protocol}//${at}${pathname}` : undefined;
}
