/** The file of a run, as a person picks it. Logs can be gigabytes: the newest part says what is true now. */
import { open } from 'node:fs/promises';
import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { Translate } from '../voice.ts';
import type { LogFile } from './useLog.ts';

/** A trainer's state holds its whole history, and is worth nothing in part. */
const mostBytes = 20_000_000;

export async function openLog(script: vscode.Uri, t: Translate): Promise<LogFile | undefined> {
  const [uri] = await vscode.window.showOpenDialog({
    title: t('The log of a run, or its trainer_state.json'),
    openLabel: t('Use this log'),
    canSelectMany: false,
    ...(script.scheme === 'untitled' ? {} : { defaultUri: script.with({ path: posix.dirname(script.path) }) }),
  }) ?? [];
  return uri === undefined ? undefined : { name: posix.basename(uri.path), text: await textOf(uri) };
}

async function textOf(uri: vscode.Uri): Promise<string> {
  if (uri.scheme !== 'file') return tail(await vscode.workspace.fs.readFile(uri)).toString('utf8');
  await using file = await open(uri.fsPath, 'r');
  const { size } = await file.stat();
  const buffer = Buffer.alloc(Math.min(size, mostBytes));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, Math.max(0, size - mostBytes));
  return buffer.toString('utf8', 0, bytesRead);
}

const tail = (bytes: Uint8Array): Buffer => Buffer.from(bytes).subarray(-mostBytes);
