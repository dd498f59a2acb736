/** `gpu-pod://gpu-rental-…/workspace/train.py`: a file on a machine of ours. */
export const podScheme = 'gpu-pod';

export function podAlias({ scheme, authority }: { readonly scheme: string; readonly authority: string }): string | undefined {
  return scheme === podScheme && /^gpu-rental-[a-z0-9-]+$/.test(authority) ? authority : undefined;
}
