/** The environment of a project, made by tools that only say what they were asked, and once by the real ones. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSeen } from '../../../src/domain/run.ts';
import { isHere, shells } from '../guard/shells.ts';
import { RunMachine } from './runMachine.ts';

/** Tools write what they were asked into `asked`, and make as much of an environment as a run looks at. */
const uv = `#!/bin/sh
echo "uv $*" >>"$HOME/asked"
case "$1 $2" in
'venv --quiet') mkdir -p "$3/bin" ;;
'sync --frozen') mkdir -p "$UV_PROJECT_ENVIRONMENT/bin" ;;
esac
sleep 0.5
exit $(cat "$HOME/uv-fails" 2>/dev/null || echo 0)
`;
const micromamba = `#!/bin/sh
echo "micromamba $*" >>"$HOME/asked"
mkdir -p "$4/bin"
`;
/** `-c` asks whether a framework is there: \`frameworks\` says so; \`-m venv\` makes an environment whose python is this one. */
const python = `#!/bin/sh
case "$1 $2" in
-V*) echo "Python 3.12.1" ;;
'-m venv') for at; do :; done; mkdir -p "$at/bin" "$at/lib/python3.12/site-packages"; cp "$0" "$at/bin/python" ;;
'-m pip') [ "$3" = --version ] || echo "pip $*" >>"$HOME/asked" ;;
-c*) [ -e "$HOME/frameworks" ] ;;
esac
`;

describe('the environment of a run', function () {
  this.timeout(90_000);
  const [shell] = shells;
  let machine: RunMachine;
  let count = 0;

  beforeEach(function () {
    if (shell === undefined || !isHere(shell) || process.platform !== 'linux') this.skip();
    machine = new RunMachine(shell);
  });
  afterEach(() => machine?.dispose());

  const project = (name: string, text: string): void => machine.put(`my work's/${name}`, text);
  const run = async (words: readonly string[] = ['sh', '-c', 'echo "in $VIRTUAL_ENV$CONDA_PREFIX"']): Promise<RunSeen & { readonly log: string }> => {
    const id = `run-00${1000 + count++}`;
    assert.equal(await machine.start(id, words), 'started');
    const seen = await machine.ended(id);
    return { ...seen, log: machine.fact(`runs/${id}/log`) ?? '' };
  };
  const asked = (): string[] => {
    const text = machine.fact('../asked') ?? '';
    return text.replaceAll(/\S*\.gpu-rental\/envs\/\S*/g, 'ENV').split('\n').filter((line) => line !== '');
  };
  const tools = (...names: ('uv' | 'python3' | 'micromamba')[]): void => {
    for (const name of names) machine.put(`bin/${name}`, { uv, python3: python, micromamba }[name], 0o755);
  };

  it('is none where nothing asks for one', async () => {
    project('pyproject.toml', '[tool.ruff]\nline-length = 100\n');
    const { log, exitCode } = await run();
    assert.deepEqual([log, exitCode], ['in \n', 0]);
    assert.throws(() => readdirSync(join(machine.home, '.gpu-rental/envs')));
  });

  it('is made once, and again when what it is made from has changed', async () => {
    tools('uv', 'python3');
    project('requirements.txt', 'einops\n');
    const [first, second] = [await run(), await run()];
    assert.match(first.log, /^gpu-rental: making the environment from requirements\.txt with uv\ngpu-rental: the environment is ready\nin \/.*\/\.gpu-rental\/envs\/\S+\n$/);
    assert.match(second.log, /^in \/.*\/envs\/\S+\n$/);
    assert.deepEqual(asked(), ['uv venv --quiet ENV', 'uv pip install -r requirements.txt']);
    project('requirements.txt', 'einops\ntqdm\n');
    assert.match((await run()).log, /making the environment/);
    assert.equal(asked().length, 4);
    const kept = readdirSync(join(machine.home, '.gpu-rental/envs'));
    assert.deepEqual(kept.filter((name) => !name.endsWith('.made')).length, 1, 'the old one is gone');
  });

  it('leaves the frameworks of the image to pip, which sees them', async () => {
    tools('uv', 'python3');
    machine.put('frameworks', '');
    project('requirements.txt', 'einops\n');
    assert.match((await run()).log, /from requirements\.txt with pip\n/);
    assert.deepEqual(asked(), ['pip -m pip install --disable-pip-version-check --no-input --progress-bar off -r requirements.txt']);
  });

  it('is what a lock file says, where there is uv for it', async () => {
    tools('python3');
    for (const [name, text] of [['uv.lock', 'version = 1\n'], ['pyproject.toml', '[project]\nname = "x"\n']] as const) project(name, text);
    assert.match((await run()).log, /from pyproject\.toml with pip/);
    tools('uv');
    assert.match((await run()).log, /from uv\.lock with uv/);
    assert.equal(asked().at(-1), 'uv sync --frozen');
  });

  it('is conda’s where only conda is named, and missing where no such tool is', async () => {
    project('environment.yml', 'name: x\n');
    const none = await run();
    assert.deepEqual([none.exitCode, none.unprepared], [127, true]);
    assert.match(none.log, /wants conda, mamba or micromamba, and this image has none\ngpu-rental: the environment could not be made from environment\.yml \(exit 127\), so the command was not started\n$/);
    tools('micromamba');
    assert.match((await run()).log, /with micromamba\n.*\nin \/.*\/envs\//);
    assert.deepEqual(asked(), ['micromamba create -y -p ENV -f environment.yml']);
  });

  it('fails the run when it cannot be made, and is tried again by the next', async () => {
    tools('uv', 'python3');
    project('requirements.txt', 'no-such-package\n');
    machine.put('uv-fails', '2\n');
    const failed = await run(['sh', '-c', 'echo started']);
    assert.deepEqual([failed.exitCode, failed.unprepared, failed.state], [2, true, 'ended']);
    assert.match(failed.log, /could not be made from requirements\.txt \(exit 2\), so the command was not started\n$/);
    assert.ok(!/^started$/m.test(failed.log));
    machine.put('uv-fails', '0\n');
    const { exitCode, unprepared } = await run();
    assert.deepEqual([exitCode, unprepared], [0, false]);
  });

  it('is made by one of two that start at once', async () => {
    tools('uv', 'python3');
    project('requirements.txt', 'einops\n');
    const both = await Promise.all([run(), run()]);
    assert.deepEqual(both.map(({ exitCode }) => exitCode), [0, 0]);
    assert.deepEqual(asked(), ['uv venv --quiet ENV', 'uv pip install -r requirements.txt']);
  });

  it('is a real one with the real tools, and its python is the one that runs', async function () {
    project('requirements.txt', '# nothing\n');
    const { log, exitCode } = await run(['python3', '-c', 'import sys; print(sys.prefix)']);
    assert.equal(exitCode, 0, log);
    assert.match(log, /\/\.gpu-rental\/envs\/\S+\n$/);
  });
});
