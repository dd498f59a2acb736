/** `ssh-remote+gpu-rental-…`: the authority that our own hand-over opens. */
export function aliasOf(authority: string | undefined): string | undefined {
  return /^ssh-remote\+(gpu-rental-[a-z0-9-]+)$/.exec(authority ?? '')?.[1];
}
