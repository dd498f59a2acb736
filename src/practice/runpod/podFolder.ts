// What lies on a pod's disks. The container's own disk is wiped by every stop
// and restart; mounts live below the home folder, because a practice pod has
// no root file system: the mount /workspace is <home>/workspace, and beside
// the home folder, where it would be on a real pod, lies a link to it.
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mountPaths, type Mounts } from './pod.ts';

/** The stand-in for /start.sh of RunPod's images: it keeps the container up. */
export function startScript(podDir: string): string {
  return join(podDir, 'start.sh');
}

export function volumeFolder(podDir: string, volumeId: string): string {
  return join(dirname(podDir), `runpod-volume-${volumeId}`);
}

export function prepareFolder(podDir: string, mounts: Mounts): void {
  mkdirSync(podDir, { recursive: true });
  writeFileSync(startScript(podDir), '#!/bin/sh\nexec sleep 2147483647\n', { mode: 0o755 });
  if (mounts.persistent !== undefined) mkdirSync(mountFolder(podDir, mounts.persistent.path), { recursive: true });
  if (mounts.persistent !== undefined) linkBeside(podDir, mounts.persistent.path);
  for (const { volumeId, path } of mounts.network ?? []) {
    const folder = volumeFolder(podDir, volumeId);
    mkdirSync(folder, { recursive: true });
    mkdirSync(dirname(mountFolder(podDir, path)), { recursive: true });
    symlinkSync(folder, mountFolder(podDir, path), 'junction');
  }
}

/** Empties the home and temporary folders, except for what is mounted there. */
export function wipeContainerDisk(podDir: string, mounts: Mounts): void {
  const kept = mountPaths(mounts).map(segments);
  wipe(join(podDir, 'root'), kept);
  wipe(join(podDir, 'tmp'), []);
}

/** Only names that nothing else in the folder of a pod has. */
function linkBeside(podDir: string, path: string): void {
  if (path !== '/workspace') return;
  symlinkSync(mountFolder(podDir, path), join(podDir, 'workspace'), 'junction');
}

function mountFolder(podDir: string, path: string): string {
  return join(podDir, 'root', ...segments(path));
}

/** Dots are dropped, so that a mount path never leads out of the home folder. */
function segments(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  return parts.length === 0 ? ['workspace'] : parts;
}

function wipe(folder: string, kept: readonly (readonly string[])[]): void {
  for (const name of entriesOf(folder)) {
    const below = kept.filter((path) => path[0] === name).map((path) => path.slice(1));
    if (below.some((path) => path.length === 0)) continue;
    if (below.length > 0) wipe(join(folder, name), below);
    else rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
