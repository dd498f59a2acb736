import type { Voice } from '../../../../src/ui/voice.ts';

/** What the editor does with a sentence when the person reads English. */
export const english: Voice = {
  t: (message, ...args) => message.replace(/\{(\d+)\}/g, (hole, index: string) => String(args[Number(index)] ?? hole)),
  nameOf: (provider) => ({ vast: 'Vast.ai', runpod: 'RunPod', lambda: 'Lambda' })[provider],
};
