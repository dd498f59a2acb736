/**
 * The Hugging Face hub from a machine: its own command where there is one, and else plain HTTPS with nothing but
 * python3. The token is in the environment of that one program, as with rclone.
 */
import type { HubKind } from '../domain/dataStore.ts';
import { hubFolder } from './dataTools.ts';
import { hubReader } from './hubReader.ts';
import { leashed } from './leashed.ts';
import type { CopyOrder } from './rclone.ts';
import { shellQuote } from './shellQuote.ts';

export function hubScript({ place, credentials, direction, folder }: CopyOrder): string {
  if (place.store.kind !== 'hub') throw new Error('only the hub is read like this');
  const { holds } = place.store;
  return leashed({
    env: { HF_HUB_DISABLE_TELEMETRY: '1', HF_HUB_DISABLE_PROGRESS_BARS: '1', PYTHONUNBUFFERED: '1', ...(credentials.token ? { HF_TOKEN: credentials.token } : {}) },
    body: direction === 'pull' ? hubPull(place.path, holds, folder) : hubPush(place.path, holds, folder),
    ...(direction === 'pull' ? { beside: growth(folder) } : {}),
  });
}

/** Ends in `exec`: for a shell of its own. */
export const hubPull = (repository: string, holds: HubKind, folder: string): string => `
mkdir -p -- ${shellQuote(folder)} || exit 90
cd ${shellQuote(folder)} || exit 90
for hf in hf huggingface-cli; do
  if command -v "$hf" >/dev/null 2>&1; then exec "$hf" download ${shellQuote(repository)} --repo-type ${holds} --local-dir .; fi
done
command -v python3 >/dev/null 2>&1 || exit 92
exec python3 -c ${shellQuote(hubReader)} ${shellQuote(repository)} ${holds}
`;

export const hubPush = (repository: string, holds: HubKind, folder: string): string => `
cd ${shellQuote(folder)} || exit 91
for hf in hf huggingface-cli; do
  if command -v "$hf" >/dev/null 2>&1; then exec "$hf" upload ${shellQuote(repository)} . . --repo-type ${holds} --private; fi
done
PYTHONPATH=${hubFolder}\${PYTHONPATH:+:$PYTHONPATH}
export PYTHONPATH
python3 -c 'import huggingface_hub' 2>/dev/null || exit 92
exec python3 -c ${shellQuote(hubWriter)} ${shellQuote(repository)} ${holds}
`;

/** For where the module is there without its command. Made as private when it is not there: a mistyped name publishes nothing. */
export const hubWriter = `
import json, os, sys
from huggingface_hub import HfApi
api = HfApi()
api.create_repo(sys.argv[1], repo_type=sys.argv[2], private=True, exist_ok=True)
files = [os.path.join(at, name) for at, _, names in os.walk(".") for name in names if "/.git/" not in at + "/" and "/.cache/" not in at + "/"]
api.upload_folder(repo_id=sys.argv[1], repo_type=sys.argv[2], folder_path=".")
print(json.dumps({"stats": {"transfers": len(files), "bytes": sum(os.path.getsize(name) for name in files)}}))
`;

/** For programs that draw bars and say no figures: how much there is now. */
const growth = (folder: string): string => `
command -v hf >/dev/null 2>&1 || command -v huggingface-cli >/dev/null 2>&1 || exit 0
before=$(du -sk ${shellQuote(folder)} | cut -f1)
while sleep 2; do
  set -- $(du -sk ${shellQuote(folder)})
  files=$(find ${shellQuote(folder)} -name .cache -prune -o -type f -print | wc -l)
  printf '{"stats":{"bytes":%s,"transfers":%s}}\\n' $((($1 - \${before:-0}) * 1024)) $files
done`;
