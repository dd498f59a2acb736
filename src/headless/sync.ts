/** Makes a folder here and one on a machine alike, in one direction. */
import { resolve } from 'node:path';
import { RentError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Command } from './command.ts';
import { idOf } from './machines.ts';
import { required, WrongCall } from './parse.ts';

export const sync: Command = async (core, invocation, signal) => {
  const [way, ...rest] = [invocation.id, ...invocation.more];
  if (way !== 'up' && way !== 'down') throw new WrongCall('sync is up ID LOCALDIR REMOTEDIR, or down ID REMOTEDIR LOCALDIR');
  const [instance, from, to] = rest;
  const { id } = idOf<InstanceId>({ ...invocation, id: instance });
  const [local, remote] = way === 'up' ? [from, to] : [to, from];
  const localFolder = resolve(required(local, 'LOCALDIR'));
  const named = required(remote, 'REMOTEDIR');
  await core.fleet.refresh(signal);
  const alias = core.fleet.find(id)?.alias;
  if (alias === undefined) throw new RentError('gone', { detail: `${id} is no machine that was rented here` });
  const link = core.links.of(alias);
  const order = { link, localFolder, remoteFolder: await core.folderOn(link, named, signal), signal };
  const { files, bytes, seconds, skipped } = await core.sync[way](order);
  return { answer: { files, bytes, seconds, skipped }, text: [`${files} files, ${bytes} bytes in ${seconds.toFixed(1)} s`, ...skipped.map(({ path, why }) => `${path}: ${why}`)].join('\n') };
};
