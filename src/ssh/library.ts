import type ssh2 from 'ssh2';

/** ssh2 is a third of what this extension loads: only who connects or makes a key pays for it. */
export const loadSsh2 = async (): Promise<typeof ssh2> => (await import('ssh2')).default;
