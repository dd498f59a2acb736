import { RemoteFileError } from '../../domain/machineLink.ts';

/** Absolute and plain: nothing in it leads back up, so that a path is where it says. */
export function checkedPath(path: string): string {
  const bare = path.length > 1 ? path.replace(/\/+$/, '') || '/' : path;
  const parts = bare.split('/').slice(1);
  const plain = bare.startsWith('/') && (bare === '/' || parts.every((part) => part !== '' && part !== '.' && part !== '..')) && !bare.includes('\0');
  if (!plain) throw new RemoteFileError('badName', path);
  return bare;
}

export const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const join = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`);
export const liesIn = (path: string, folder: string): boolean => path.startsWith(folder === '/' ? '/' : `${folder}/`);
