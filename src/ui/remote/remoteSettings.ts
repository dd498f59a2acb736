import type { Log } from '../../domain/ports.ts';
import type { RemoteEditor } from './remoteEditor.ts';

/** Machines answer more slowly than the 15 seconds that Remote-SSH waits for. */
const connectTimeoutS = 60;
const ourPrefix = 'gpu-rental-';

/**
 * Spares the person questions that have one answer. Settings may be read-only or unknown to this
 * product's Remote-SSH: then it asks them itself.
 */
export async function presetRemote(editor: RemoteEditor, alias: string, live: readonly string[], log: Log): Promise<void> {
  const write = async (id: string, value: unknown): Promise<void> => {
    try {
      await editor.updateSetting(id, value);
    } catch (error) {
      log.warn(`${id} could not be set`, error);
    }
  };
  // With a remote command, Remote-SSH refuses hosts whose platform is set.
  if (editor.setting('remote.SSH.enableRemoteCommand') !== true) {
    const before = platformsIn(editor.setting('remote.SSH.remotePlatform'));
    const after = platformsWith(before, alias, live);
    if (JSON.stringify(before) !== JSON.stringify(after)) await write('remote.SSH.remotePlatform', after);
  }
  const timeout = editor.setting('remote.SSH.connectTimeout');
  if (typeof timeout !== 'number' || timeout < connectTimeoutS) await write('remote.SSH.connectTimeout', connectTimeoutS);
}

const platformsIn = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

/** Ours of machines that are gone are dropped, so that the user's settings do not fill up with them. */
function platformsWith(before: Record<string, unknown>, alias: string, live: readonly string[]): Record<string, unknown> {
  const kept = Object.entries(before).filter(([host]) => !host.startsWith(ourPrefix) || live.includes(host));
  return { ...Object.fromEntries(kept), [alias]: 'linux' };
}
