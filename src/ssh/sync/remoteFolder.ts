import { randomBytes } from 'node:crypto';
import { RentError } from '../../domain/errors.ts';
import type { MachineLink } from '../../domain/machineLink.ts';
import { folderScript, readFolder } from '../../scripts/syncGet.ts';

/** Where work happens on a rented machine, best first. */
const workFolders = ['/workspace'];

/** The folder that a person means by `path`: as it is, below the home folder (`~/x`), or below the folder to work in. */
export async function remoteFolder(link: MachineLink, path: string, signal: AbortSignal): Promise<string> {
  const mark = `gpu-rental-${randomBytes(8).toString('hex')}:`;
  const { stdout } = await link.run(folderScript(path, workFolders, mark), { signal, repeatable: true });
  const folder = readFolder(stdout, path, mark);
  if (folder === undefined) throw new RentError('folderRefused', { detail: 'the machine names no folder to work in' });
  return folder;
}
