/**
 * Arguments replace what an image runs. RunPod's own images run /start.sh, which brings up sshd, so the guard
 * can start it in turn. What another image runs cannot be learned from here: its pod keeps its start, and
 * goes without a guard.
 */
export const keepsItsStart = (image: string): boolean => image.startsWith('runpod/');
