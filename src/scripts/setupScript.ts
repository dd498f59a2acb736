/**
 * One POSIX sh script that makes any machine ready for a project and runs it: code, data, environment, run, results.
 * Nothing secret is in it: keys are named, and whoever runs it gives them in the environment. A person reads it, changes
 * it and keeps it, so it is written to be read.
 */
import { addressOf } from '../domain/dataStore.ts';
import type { DataRoute, GitPlace, Project } from '../domain/project.ts';
import { installRcloneScript } from './dataTools.ts';
import { hubPull, hubPush, hubWriter } from './hub.ts';
import { hubReader } from './hubReader.ts';
import { findRclone, rcloneEnv, rcloneFlags } from './rclone.ts';
import { shellQuote } from './shellQuote.ts';

export function setupScript(project: Project): string {
  const { code, data, environment, command } = project;
  const pulls = data.filter(({ direction }) => direction === 'pull');
  const pushes = data.filter(({ direction }) => direction === 'push');
  const steps = [
    code && step('code', codeStep(code)),
    pulls.length > 0 && step('data', routes(pulls, 0)),
    environment && step('environment', environmentStep(environment)),
    command && step('run', runStep(command)),
    pushes.length > 0 && step('results', routes(pushes, pulls.length)),
  ].filter((each) => each !== false && each !== undefined && each !== '') as Step[];
  const names = steps.map(({ name }) => name).join(' ');
  return `#!/bin/sh
# ${oneLine(project.name)}: from an empty machine to results, on any provider.
#
#   sh setup.sh              does everything: ${names || 'nothing yet'}
#   sh setup.sh data run     does these steps alone
#
${variables(project).map(({ name, what }) => `#   ${name.padEnd(22)} ${what}`).join('\n')}
set -eu
name=${shellQuote(folderName(project.name))}
if [ -z "\${WORK:-}" ]; then
  if [ -d /workspace ] && [ -w /workspace ]; then WORK=/workspace; else WORK=$HOME; fi
fi
project=$WORK/$name
say() { printf '\\n== %s\\n' "$*"; }
die() { printf '%s\\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
need() { eval "[ \\"\\\${$1:-}\\" ]" || die "$1 is not set"; }
${data.some(({ place }) => place.store.kind !== 'hub') ? rcloneFunction : ''}${hubPrograms(data)}
${steps.map(({ name, body }) => `do_${name}() {\n${indent(body)}\n}`).join('\n\n')}

mkdir -p "$project"
[ $# -gt 0 ] || set -- ${names || ':'}
for step; do
  case $step in
    ${steps.map(({ name }) => name).join('|') || ':'}) ;;
    *) die "no step is called $step; there is: ${names}" ;;
  esac
done
for step; do
  say "$step"
  cd "$project"
  "do_$step"
done
say "done"
`;
}

/** Kept whole: Python reads the blanks at the beginning of a line. */
function hubPrograms(data: readonly DataRoute[]): string {
  const wanted = (direction: DataRoute['direction']): boolean => data.some((route) => route.place.store.kind === 'hub' && route.direction === direction);
  return `${wanted('pull') ? `hub_reader=${shellQuote(hubReader)}\n` : ''}${wanted('push') ? `hub_writer=${shellQuote(hubWriter)}\n` : ''}`;
}

interface Step {
  readonly name: string;
  readonly body: string;
}
const step = (name: string, body: string): Step => ({ name, body });
const indent = (text: string): string => text.split('\n').map((line) => (line === '' ? '' : `  ${line}`)).join('\n');

interface Variable {
  readonly name: string;
  readonly what: string;
}

function variables({ code, data }: Project): readonly Variable[] {
  return [
    { name: 'WORK', what: 'where the project goes; /workspace where there is one, else home' },
    ...(code?.url.startsWith('https://') ? [{ name: 'GIT_TOKEN', what: 'only for a private repository' }] : []),
    ...data.flatMap((route, index) => keysOf(route, index).map(({ name }) => ({ name, what: `for ${oneLine(addressOf(route.place))}` }))),
  ];
}

/** The names under which the keys of one place are given; every place has its own. */
function keysOf({ place }: DataRoute, index: number): readonly { readonly name: string; readonly of: string }[] {
  const prefix = `DATA${index + 1}`;
  switch (place.store.kind) {
    case 's3':
      return [{ name: `${prefix}_KEY_ID`, of: 'ACCESS_KEY_ID' }, { name: `${prefix}_SECRET`, of: 'SECRET_ACCESS_KEY' }];
    case 'b2':
      return [{ name: `${prefix}_KEY_ID`, of: 'ACCOUNT' }, { name: `${prefix}_SECRET`, of: 'KEY' }];
    case 'gcs':
      return [{ name: `${prefix}_SERVICE_ACCOUNT`, of: 'SERVICE_ACCOUNT_CREDENTIALS' }];
    case 'hub':
      return [{ name: 'HF_TOKEN', of: 'HF_TOKEN' }];
  }
}

function codeStep({ url, commit, pushed }: GitPlace): string {
  const token = url.startsWith('https://')
    ? `if [ "\${GIT_TOKEN:-}" ]; then
  # In git's environment: on its command line everybody here could read it.
  GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.${shellQuote(new URL(url).origin)}/.extraHeader
  GIT_CONFIG_VALUE_0="Authorization: Basic $(printf 'x-access-token:%s' "$GIT_TOKEN" | base64 | tr -d '\\n')"
  export GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0
fi
`
    : '';
  return `has git || die "git is missing here: apt-get update && apt-get install -y git"
export GIT_TERMINAL_PROMPT=0
${token}${pushed ? '' : '# This commit was on one computer when this script was made: push it first.\n'}[ -d .git ] || git init -q .
git remote get-url origin >/dev/null 2>&1 || git remote add origin ${shellQuote(url)}
git cat-file -e ${commit}^{commit} 2>/dev/null || git fetch -q --depth 1 origin ${commit} || git fetch -q origin
git checkout -q --detach ${commit}
if [ -f .gitmodules ]; then git submodule -q update --init --recursive --depth 1; fi
unset GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0`;
}

function environmentStep({ kind, file }: NonNullable<Project['environment']>): string {
  const quoted = shellQuote(file);
  switch (kind) {
    case 'uv':
      return `has uv || python3 -m pip install -q --user uv || die "uv is missing here"
PATH=$HOME/.local/bin:$PATH
uv sync --frozen`;
    case 'conda':
      return `tool=
for each in micromamba mamba conda /opt/conda/bin/conda; do
  if has "$each"; then tool=$each; break; fi
done
[ "$tool" ] || die "conda is missing here"
[ -d .conda ] || case $tool in
  *micromamba) "$tool" create -y -p ./.conda -f ${quoted} ;;
  *) "$tool" env create -p ./.conda -f ${quoted} ;;
esac`;
    default:
      // An image's own frameworks were built for its GPU: they are seen from within, and not installed again.
      return `[ -x .venv/bin/python ] || python3 -m venv --system-site-packages .venv || die "python3 cannot make an environment here: apt-get install -y python3-venv"
.venv/bin/python -m pip install -q --disable-pip-version-check --no-input ${kind === 'requirements' ? `-r ${quoted}` : '-e .'}`;
  }
}

const runStep = (command: string): string => `if [ -d .venv/bin ]; then PATH=$project/.venv/bin:$PATH; fi
if [ -d .conda/bin ]; then PATH=$project/.conda/bin:$PATH; fi
export PATH
${command}`;

const routes = (list: readonly DataRoute[], from: number): string => list.map((route, index) => routeStep(route, from + index)).join('\n');

function routeStep(route: DataRoute, index: number): string {
  const { place, direction, folder } = route;
  const there = folder.startsWith('/') ? shellQuote(folder) : `"$project"/${shellQuote(folder)}`;
  if (place.store.kind === 'hub') {
    const body = direction === 'pull' ? hubPull(place.path, place.store.holds, '@folder') : hubPush(place.path, place.store.holds, '@folder');
    const short = body.replaceAll("'@folder'", there).replace(shellQuote(hubReader), '"$hub_reader"').replace(shellQuote(hubWriter), '"$hub_writer"');
    return `# ${oneLine(addressOf(place))}\n(\n${short.trim()}\n)`;
  }
  const env = Object.entries(rcloneEnv(place.store, stand));
  const keys = keysOf(route, index);
  const given = env.map(([name, value]) => {
    const key = keys.find(({ of }) => name === `RCLONE_CONFIG_DATA_${of}`);
    return key === undefined ? `export ${name}=${shellQuote(value)}` : `export ${name}="$${key.name}"`;
  });
  const [source, target] = direction === 'pull' ? [shellQuote(`data:${place.path}`), there] : [there, shellQuote(`data:${place.path}`)];
  const flags = rcloneFlags(place.store).filter((flag) => !/json|stats/.test(flag)).join(' ');
  return `# ${oneLine(addressOf(place))}
${keys.map(({ name }) => `need ${name}`).join('\n')}
get_rclone
(
${given.join('\n')}
${direction === 'pull' ? `mkdir -p ${there}` : `[ -d ${there} ] || die "there is nothing to send in ${oneLine(folder).replace(/["$`\\]/g, '')}"`}
"$rclone" copy ${flags} --progress -- ${source} ${target}
)`;
}

/** Only which values there are matters: none of them is written down. */
const stand = { keyId: 'given', secret: 'given', serviceAccount: 'given' };

const rcloneFunction = `get_rclone() {
  ${findRclone.split('\n').join('\n  ')}
  [ "$rclone" ] && return
  say "getting rclone from its own site"
  (
${installRcloneScript().trim().split('\n').map((line) => (line === '' ? '' : `    ${line}`)).join('\n')}
  )
  rclone=$HOME/.gpu-rental/bin/rclone
  [ -x "$rclone" ] || die "rclone could not be installed"
}
`;

/** Nothing of it may end the comment that it stands in. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim().slice(0, 200);

const folderName = (name: string): string => name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '') || 'project';
