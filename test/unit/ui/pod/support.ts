import type { PodEditor, PodPlace } from '../../../../src/ui/pod/podEditor.ts';

export const alias = 'gpu-rental-abcdef-01';

/** Remembers what it was asked to open. */
export function fakePod(folders: readonly PodPlace[] = []) {
  const done: string[] = [];
  const pod: PodEditor = {
    folders,
    openFolder: async ({ alias: on, path }, name, newWindow) => void done.push(`folder ${on} ${path} ${name} ${newWindow}`),
    pickFile: async ({ path }) => void done.push(`pick ${path}`),
    show: async ({ path }, line) => void done.push(`show ${path}:${line}`),
    refreshExplorer: async () => void done.push('refresh'),
  };
  return { pod, done };
}
