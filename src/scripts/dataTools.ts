/** Which programs that copy data a machine has, and how rclone gets there without root when it has not. */
import { findFolder } from './workFolder.ts';
import { mark, Said } from './marked.ts';
import { shellQuote } from './shellQuote.ts';

export interface DataTools {
  /** Where work is done. */
  readonly folder: string;
  readonly freeBytes?: number;
  /** Undefined when there is none that is new enough. */
  readonly rclone?: string;
  /** Something that can read the hub. */
  readonly hubPull: boolean;
  /** Something that can write to it. */
  readonly hubPush: boolean;
}

/** Older ones know too few stores, and write their statistics in another way. */
const oldestRclone = [1, 58] as const;

export const hubFolder = '$HOME/.gpu-rental/hub';

export const dataToolsScript = (folders: readonly string[]): string => `
${findFolder(folders)}
printf '\\n${mark}folder=%s\\n' "$folder"
df -Pk "$folder" 2>/dev/null | awk 'NR == 2 { print "${mark}freeKib=" $4 }'
for rclone in "$HOME/.gpu-rental/bin/rclone" rclone; do
  "$rclone" version </dev/null 2>/dev/null | sed -n 's/^rclone v/${mark}rclone=/p'
done
for tool in hf huggingface-cli python3; do command -v $tool >/dev/null 2>&1 && printf '${mark}has=%s\\n' $tool; done
PYTHONPATH=${hubFolder} python3 -c 'import huggingface_hub' </dev/null 2>/dev/null && printf '${mark}has=module\\n'
printf '${mark}end=\\n'
exit 0
`;

export function parseDataTools(stdout: string): DataTools | undefined {
  const said = new Said(stdout);
  const folder = said.one('folder');
  if (folder === undefined || !/^\/[^\p{Cc}]{0,1023}$/u.test(folder) || said.one('end') === undefined) return undefined;
  const freeKib = said.count('freeKib');
  // A script finds its own before the system's: the first that answers is the one that will run.
  const rclone = said.one('rclone');
  const has = said.all('has');
  const writes = ['hf', 'huggingface-cli', 'module'].some((tool) => has.includes(tool));
  return {
    folder,
    ...(freeKib === undefined ? {} : { freeBytes: freeKib * 1024 }),
    ...(rclone !== undefined && isNewEnough(rclone) ? { rclone } : {}),
    hubPull: writes || has.includes('python3'),
    hubPush: writes,
  };
}

function isNewEnough(version: string): boolean {
  const [, major, minor] = /^(\d{1,4})\.(\d{1,4})\./.exec(version) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > oldestRclone[0] || (Number(major) === oldestRclone[0] && Number(minor) >= oldestRclone[1]);
}

export const rcloneOrigin = 'https://downloads.rclone.org';

/**
 * The static binary of rclone's own site, with the checksum that is published beside it: that proves a whole download,
 * and that the site is who it says is HTTPS's part.
 */
export const installRcloneScript = (origin = rcloneOrigin): string => `
origin=${shellQuote(origin)}
fail() { printf '\\n${mark}failed=%s\\n' "$1"; exit 0; }
bin=$HOME/.gpu-rental/bin
mkdir -p "$bin" && tmp=$(mktemp -d "$bin/.new.XXXXXX") || fail noSpace
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
case $(uname -s)/$(uname -m) in
  Linux/x86_64|Linux/amd64) arch=linux-amd64 ;;
  Linux/aarch64|Linux/arm64) arch=linux-arm64 ;;
  Linux/armv7*) arch=linux-arm-v7 ;;
  Linux/i?86) arch=linux-386 ;;
  *) fail machine ;;
esac
has() { command -v "$1" >/dev/null 2>&1; }
get() {
  if has curl; then curl -fsSL --retry 2 --connect-timeout 20 -m 600 -o "$2" "$1"
  elif has wget; then wget -q -T 60 -O "$2" "$1"
  elif has python3; then python3 -c 'import sys,urllib.request as r; r.urlretrieve(sys.argv[1], sys.argv[2])' "$1" "$2"
  else fail noFetch; fi
} </dev/null 2>/dev/null
digest() {
  if has sha256sum; then sha256sum "$1"
  elif has shasum; then shasum -a 256 "$1"
  elif has openssl; then openssl dgst -r -sha256 "$1"
  elif has python3; then python3 -c 'import sys,hashlib; print(hashlib.sha256(open(sys.argv[1],"rb").read()).hexdigest())' "$1"
  fi </dev/null 2>/dev/null | cut -d' ' -f1
}
unpack() {
  if has unzip; then unzip -p "$1" "$2"
  elif has bsdtar; then bsdtar -xOf "$1" "$2"
  elif has python3; then python3 -c 'import sys,zipfile,shutil; shutil.copyfileobj(zipfile.ZipFile(sys.argv[1]).open(sys.argv[2]), sys.stdout.buffer)' "$1" "$2"
  elif has busybox; then busybox unzip -p "$1" "$2"
  else return 1; fi
} </dev/null 2>/dev/null

get "$origin/version.txt" "$tmp/version" || fail download
version=$(sed -n 's/^rclone \\(v[0-9][0-9.]*\\)$/\\1/p' "$tmp/version")
[ "$version" ] || fail download
name=rclone-$version-$arch
get "$origin/$version/SHA256SUMS" "$tmp/sums" || fail download
get "$origin/$version/$name.zip" "$tmp/zip" || fail download
wanted=$(awk -v file="$name.zip" '$2 == file && length($1) == 64 { print $1; exit }' "$tmp/sums")
[ "$wanted" ] && [ "$(digest "$tmp/zip")" = "$wanted" ] || fail checksum
unpack "$tmp/zip" "$name/rclone" >"$tmp/rclone" || fail noUnzip
[ -s "$tmp/rclone" ] && chmod 755 "$tmp/rclone" || fail noSpace
"$tmp/rclone" version </dev/null >/dev/null 2>&1 || fail machine
mv "$tmp/rclone" "$bin/rclone" || fail noSpace
printf '\\n${mark}installed=%s\\n' "$version"
exit 0
`;

/** With pip, into a folder of our own, so that no other environment changes. */
export const installHubScript = `
fail() { printf '\\n${mark}failed=%s\\n' "$1"; exit 0; }
command -v python3 >/dev/null 2>&1 || fail noPython
python3 -m pip --version </dev/null >/dev/null 2>&1 || fail noPip
mkdir -p ${hubFolder} || fail noSpace
python3 -m pip install -q --disable-pip-version-check --no-input --target ${hubFolder} huggingface_hub </dev/null >/dev/null 2>&1 || fail download
printf '\\n${mark}installed=huggingface_hub\\n'
exit 0
`;

export type InstallProblem = 'noSpace' | 'machine' | 'noFetch' | 'noUnzip' | 'download' | 'checksum' | 'noPython' | 'noPip' | 'unknown';
const problems: readonly InstallProblem[] = ['noSpace', 'machine', 'noFetch', 'noUnzip', 'download', 'checksum', 'noPython', 'noPip'];

/** Undefined when it is there now. */
export function installProblem(stdout: string): InstallProblem | undefined {
  const said = new Said(stdout);
  if (said.one('installed') !== undefined) return undefined;
  return problems.find((problem) => problem === said.one('failed')) ?? 'unknown';
}
