/**
 * Copying between a machine and a bucket with rclone on the machine. Keys travel in the script, which is read from
 * standard input, and live in rclone's environment only: not in its arguments, not in a file. Copies only: what is on
 * the other side and not here stays there.
 */
import type { Credentials, DataPlace, DataStore, Direction } from '../domain/dataStore.ts';
import { leashed } from './leashed.ts';
import { shellQuote } from './shellQuote.ts';

export interface CopyOrder {
  readonly place: DataPlace;
  readonly credentials: Credentials;
  readonly direction: Direction;
  /** Absolute, on the machine. */
  readonly folder: string;
  /** Leaves out what changed within so many seconds: it may be half of what it will be. */
  readonly stillSeconds?: number;
}

/** rclone makes a remote of its own out of these. */
const remote = 'data';

/** Ours, where the system has none or one that is too old. */
export const findRclone = `rclone=$HOME/.gpu-rental/bin/rclone
[ -x "$rclone" ] || rclone=$(command -v rclone) || rclone=`;

export function rcloneScript({ place, credentials, direction, folder, stillSeconds }: CopyOrder): string {
  const [from, to] = direction === 'pull' ? [`${remote}:${place.path}`, folder] : [folder, `${remote}:${place.path}`];
  return leashed({
    env: rcloneEnv(place.store, credentials),
    body: `${findRclone}
${direction === 'pull' ? `mkdir -p -- ${shellQuote(folder)} || exit 90` : `[ -d ${shellQuote(folder)} ] || exit 91`}
[ "$rclone" ] || exit 92
exec "$rclone" copy ${[...rcloneFlags(place.store), ...(stillSeconds === undefined ? [] : [`--min-age ${stillSeconds}s`])].join(' ')} -- ${shellQuote(from)} ${shellQuote(to)}`,
  });
}

/** An empty configuration file is one in memory: rclone writes back tokens that it renews. */
export function rcloneFlags(store: DataStore): readonly string[] {
  // RunPod's storage answers 502 when it is pressed, and lists slowly.
  const gently = store.kind === 's3' && store.flavor === 'runpod' ? ['--transfers', '4', '--checkers', '4', '--low-level-retries', '20'] : ['--transfers', '8', '--checkers', '16'];
  return ["--config ''", '--use-json-log', '--stats 1s', '--stats-log-level NOTICE', '--retries 3', ...gently];
}

/** `RCLONE_CONFIG_DATA_TYPE` and so on. */
export function rcloneEnv(store: DataStore, credentials: Credentials): Readonly<Record<string, string>> {
  const options = Object.entries(optionsOf(store, credentials)).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  return Object.fromEntries(options.map(([name, value]) => [`RCLONE_CONFIG_${remote.toUpperCase()}_${name}`, value]));
}

function optionsOf(store: DataStore, { keyId, secret, serviceAccount }: Credentials): Readonly<Record<string, string | undefined>> {
  switch (store.kind) {
    case 's3':
      return {
        TYPE: 's3',
        PROVIDER: { aws: 'AWS', r2: 'Cloudflare', runpod: 'Other', other: 'Other' }[store.flavor],
        ENDPOINT: store.endpoint,
        REGION: store.region ?? (store.flavor === 'r2' ? 'auto' : undefined),
        ACCESS_KEY_ID: keyId,
        SECRET_ACCESS_KEY: secret,
        // Neither the rights of the host it runs on, nor a bucket made because a name was mistyped.
        ENV_AUTH: 'false',
        NO_CHECK_BUCKET: 'true',
      };
    case 'gcs':
      return {
        TYPE: 'google cloud storage',
        SERVICE_ACCOUNT_CREDENTIALS: serviceAccount,
        ANONYMOUS: serviceAccount ? undefined : 'true',
        ENV_AUTH: 'false',
        // Buckets with uniform access, the usual ones now, refuse whoever sends rights with an object.
        BUCKET_POLICY_ONLY: 'true',
        NO_CHECK_BUCKET: 'true',
      };
    case 'b2':
      return { TYPE: 'b2', ACCOUNT: keyId, KEY: secret };
    case 'hub':
      throw new Error('the hub is not read by rclone');
  }
}
