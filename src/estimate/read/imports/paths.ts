/** A path inside of the folder, without dots; undefined for one that leaves the workspace. */
export function joinedPath(folder: string, path: string): string | undefined {
  const rooted = folder.startsWith('/');
  const steps = folder.split('/').filter((step) => step !== '');
  for (const step of path.split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return undefined;
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return `${rooted ? '/' : ''}${steps.join('/')}`;
}
