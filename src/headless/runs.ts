/** Starts a command on a machine and reads what it said; it goes on without this process. */
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { InstanceId } from '../domain/instance.ts';
import { isRunId } from '../domain/run.ts';
import type { SkippedFile } from '../domain/sync.ts';
import { RentError } from '../domain/errors.ts';
import type { Command } from './command.ts';
import { idOf } from './machines.ts';
import { required, WrongCall } from './parse.ts';

export const run: Command = async (core, invocation, signal) => {
  const { id } = idOf<InstanceId>(invocation);
  const from = resolve(required(invocation.more[0], 'a folder'));
  const { words, afterwards } = invocation;
  if (words.length === 0) throw new WrongCall('a command is missing: it stands behind --');
  if (!(await stat(from).catch(() => undefined))?.isDirectory()) throw new WrongCall(`${from} is not a folder`);
  await core.fleet.refresh(signal);
  const folder = await core.runs.remoteFolder(id, basename(from), signal);
  const onLeftOut = (files: readonly SkippedFile[]): void => files.forEach(({ path, why }) => process.stderr.write(`not sent: ${path}: ${why}\n`));
  const name = await core.runs.start({ instance: id, words, afterwards, from, folder, signal, onLeftOut });
  return { answer: { run: name, folder }, text: name };
};

export const logs: Command = async (core, invocation, signal) => {
  const { id } = idOf<InstanceId>(invocation);
  const name = required(invocation.more[0], 'a run');
  if (!isRunId(name)) throw new WrongCall(`${name} is not the name of a run`);
  await core.fleet.refresh(signal);
  const decoder = new TextDecoder();
  let [text, known]: [string, boolean] = ['', false];
  let exitCode: number | undefined;
  for await (const chunk of core.runs.follow(id, name, { signal, once: true })) {
    known = true;
    text += decoder.decode(chunk.bytes, { stream: true });
    exitCode = chunk.exitCode;
  }
  if (!known) throw new RentError('gone', { detail: `there is no run ${name} on ${id}` });
  return { answer: { text, exitCode: exitCode ?? null }, text };
};
