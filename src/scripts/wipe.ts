/**
 * Empties the work folder and removes keys, tokens and histories before a machine is given back. Two things stay: the
 * guard, which holds the machine to its limits until it is really gone, and the way in.
 *
 * Removing is not shredding: whoever owns the host can have copied everything long before.
 */
import type { Wiped } from '../domain/wiped.ts';
import { findFolder } from './workFolder.ts';
import { mark, Said } from './marked.ts';
import { shellQuote } from './shellQuote.ts';

/** Below home: where the usual tools keep keys, tokens and what was typed. */
const traces = [
  '.netrc', '.git-credentials', '.gitconfig', '.aws', '.boto', '.config/rclone', '.config/gcloud', '.config/wandb', '.config/gh', '.kaggle', '.huggingface',
  '.cache/huggingface', '.cache/wandb', '.docker', '.jupyter', '.ipython', '.local/share/jupyter', '.vscode-server', '.vscodium-server', '.cursor-server',
  '.bash_history', '.sh_history', '.ash_history', '.zsh_history', '.python_history', '.node_repl_history', '.lesshst', '.viminfo', '.wget-hsts',
];

/** Kept in ~/.gpu-rental: what the guard reads. Nothing in there is secret. */
const ofTheGuard = ['owner', 'jobs', 'same', 'lease', 'status'];

// Without a work folder there is nothing to hold on to: everything is below home then.
export const wipeScript = (folders: readonly string[]): string => `
${findFolder(folders)}
# A practice machine shares its disk with the computer it runs on: nothing outside its own folder may be touched.
if [ "$GPU_RENTAL_PRACTICE_POD" ]; then
  for each in "$home" "$folder"; do
    case $each/ in "$GPU_RENTAL_PRACTICE_POD"/*) ;; *) printf '\\n${mark}refused=%s\\n' "$each"; exit 0 ;; esac
  done
fi
case $home in /?*) ;; *) printf '\\n${mark}refused=%s\\n' "$home"; exit 0 ;; esac
case $folder in /?*) ;; *) printf '\\n${mark}refused=%s\\n' "$folder"; exit 0 ;; esac

# RunPod mounts a disk that goes with the machine; any other mount, and every disk on a network, outlives it.
kind=$(awk -v at="$folder" '$2 == at { kind = $3 } END { print kind }' /proc/mounts 2>/dev/null)
kept=0
case $kind in
  '') ;;
  fuse*|nfs*|cifs|smb*|ceph|mfs*|moosefs*|9p|lustre|beegfs|glusterfs|virtiofs) kept=1 ;;
  *) [ "$RUNPOD_POD_ID" ] || kept=1 ;;
esac

count() { find "$1" -xdev \\( -path "./.gpu-rental" -o -path "./.ssh/authorized_keys" \\) -prune -o ! -type d -exec printf '%.0s.\\n' {} + 2>/dev/null | awk '{ n++ } END { print n + 0 }'; }
removed=0
left=0
empty() {
  before=$(count .)
  find . -xdev \\( -path "./.gpu-rental" -o -path "./.ssh" \\) -prune -o ! -type d -exec rm -f -- {} + 2>/dev/null
  # Deepest first; what is a mount of its own stays.
  find . -xdev -depth -type d ! -name . ! -path "./.gpu-rental*" ! -path "./.ssh*" -exec rmdir -- {} + 2>/dev/null
  after=$(count .)
  removed=$((removed + before - after))
  left=$((left + after))
}
if [ $kept = 0 ] && [ "$folder" != "$home" ]; then cd "$folder" && empty; fi
cd "$home" || exit 1
if [ -d .ssh ]; then find .ssh -type f ! -name authorized_keys -exec rm -f -- {} + 2>/dev/null; fi
${traces.map((trace) => `rm -rf -- ${shellQuote(trace)} 2>/dev/null`).join('\n')}
if [ -d .gpu-rental ]; then
  for own in .gpu-rental/*; do
    case \${own#.gpu-rental/} in ${ofTheGuard.join('|')}) ;; *) rm -rf -- "$own" 2>/dev/null ;; esac
  done
fi
if [ "$folder" = "$home" ]; then empty; fi
printf '\\n${mark}removed=%s\\n${mark}left=%s\\n${mark}kept=%s\\n${mark}end=\\n' "$removed" "$left" "$kept"
exit 0
`;

/** Undefined when it did not get to its end, or refused to begin. */
export function parseWipe(stdout: string): Wiped | undefined {
  const said = new Said(stdout);
  const removed = said.count('removed');
  const left = said.count('left');
  if (removed === undefined || left === undefined || said.one('end') === undefined) return undefined;
  return { removed, left, keptVolume: said.one('kept') !== '0' };
}
