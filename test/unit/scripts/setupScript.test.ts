import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { DataPlace } from '../../../src/domain/dataStore.ts';
import { environmentFiles, type Project } from '../../../src/domain/project.ts';
import { setupScript } from '../../../src/scripts/setupScript.ts';
import { startS3 } from '../../fakes/s3Server.ts';
import { ShellMachine, shells } from '../../fakes/shellMachine.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { findRclone, findTool } from '../../fakes/tools.ts';

const commit = 'a'.repeat(40);
const s3 = (path: string, endpoint = 'https://s3.example.org'): DataPlace => ({ store: { kind: 's3', flavor: 'other', endpoint }, path });
const full: Project = {
  name: 'My LoRA (v2)',
  code: { url: 'https://example.org/me/lora.git', commit, pushed: true },
  data: [
    { place: s3('bucket/data'), direction: 'pull', folder: '/workspace/data' },
    { place: { store: { kind: 'gcs' }, path: 'other/more' }, direction: 'pull', folder: 'more data' },
    { place: { store: { kind: 'hub', holds: 'dataset' }, path: 'me/images' }, direction: 'pull', folder: 'images' },
    { place: { store: { kind: 'b2' }, path: 'results/out' }, direction: 'push', folder: 'out' },
    { place: { store: { kind: 'hub', holds: 'model' }, path: 'me/lora' }, direction: 'push', folder: 'out' },
  ],
  environment: { kind: 'requirements', file: 'requirements.txt' },
  command: 'python train.py --epochs 3',
};

const parse = (shell: string, script: string): string => {
  const [file = '', ...args] = shell === 'busybox' ? ['busybox', 'sh'] : [shell];
  return spawnSync(file, [...args, '-n'], { input: script, encoding: 'utf8' }).stderr;
};

describe('a set-up script', () => {
  it('names every key, and holds none', () => {
    const script = setupScript(full);
    for (const name of ['DATA1_KEY_ID', 'DATA1_SECRET', 'DATA2_SERVICE_ACCOUNT', 'HF_TOKEN', 'DATA4_KEY_ID', 'DATA4_SECRET', 'GIT_TOKEN']) assert.match(script, new RegExp(`#   ${name} `));
    assert.match(script, /RCLONE_CONFIG_DATA_ACCESS_KEY_ID="\$DATA1_KEY_ID"/);
    assert.match(script, /RCLONE_CONFIG_DATA_SERVICE_ACCOUNT_CREDENTIALS="\$DATA2_SERVICE_ACCOUNT"/);
    assert.doesNotMatch(script, /given/);
  });

  it('has only the steps that the project has', () => {
    assert.match(setupScript(full), /does everything: code data environment run results/);
    assert.match(setupScript({ name: 'x', data: [], command: 'python a.py' }), /does everything: run\n/);
    for (const project of [{ name: 'x', data: [] }, full]) for (const shell of shells) assert.equal(parse(shell, setupScript(project)), '', shell);
    assert.match(setupScript({ ...full, code: { url: 'https://example.org/a.git', commit, pushed: false } }), /push it first/);
  });

  it('is read by every shell, whatever things are called', () => {
    const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
    fc.assert(fc.property(word, word, word, fc.constantFrom(...environmentFiles), (name, folder, path, environment) => {
      const script = setupScript({ ...full, name, environment: { ...environment, file: folder.replaceAll('\0', '') }, data: full.data.map((route) => ({ ...route, folder: folder.replaceAll('\0', ''), place: { ...route.place, path: path.replaceAll('\0', '') } })) });
      for (const shell of shells) assert.equal(parse(shell, script), '');
    }), { numRuns: 25 });
  });

  it('installs what was detected', () => {
    const of = (kind: 'uv' | 'pyproject' | 'conda' | 'requirements') => setupScript({ name: 'x', data: [], environment: { kind, file: 'environment.yml' } });
    assert.match(of('uv'), /uv sync --frozen/);
    assert.match(of('pyproject'), /pip install .* -e \./);
    assert.match(of('conda'), /env create -p \.\/\.conda -f 'environment\.yml'/);
    assert.match(of('requirements'), /pip install .* -r 'environment\.yml'/);
  });
});

for (const shell of shells) {
  (findTool('git') === undefined || findTool('python3') === undefined ? describe.skip : describe)(`a set-up script run by ${shell}`, () => {
    function setUp(path: string) {
      const origin = join(path, "it's the origin");
      mkdirSync(origin);
      const git = (...args: readonly string[]): string => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: origin, encoding: 'utf8' }).trim();
      git('init', '-q');
      git('config', 'uploadpack.allowAnySHA1InWant', 'true');
      writeFileSync(join(origin, 'train.py'), 'import os, sys\nos.makedirs("out", exist_ok=True)\nopen("out/result.txt", "w").write(sys.argv[1] + " on " + open("data/in.txt").read())\n');
      git('add', '.');
      git('commit', '-qm', 'first');
      const first = git('rev-parse', 'HEAD');
      writeFileSync(join(origin, 'train.py'), 'raise SystemExit("the wrong commit")\n');
      git('commit', '-qam', 'second');
      const machine = new ShellMachine(join(path, 'a machine'), shell);
      machine.env['WORK'] = machine.work;
      machine.env['GIT_CONFIG_GLOBAL'] = '/dev/null';
      return { origin, first, machine, project: join(machine.work, 'my-project') };
    }

    it('brings the very commit and runs it, as often as one likes', async () => {
      using temporary = temporaryFolder();
      const { origin, first, machine, project } = setUp(temporary.path);
      const script = setupScript({ name: 'my project', data: [], code: { url: origin, commit: first, pushed: true }, command: 'mkdir -p data; echo here >data/in.txt; python3 train.py "it is"' });
      for (let time = 0; time < 2; time++) {
        const { code, stderr, stdout } = await machine.run(script);
        assert.equal(code, 0, stderr);
        assert.match(stdout, /== code[^]*== run[^]*== done/);
        assert.equal(readFileSync(join(project, 'out/result.txt'), 'utf8'), 'it is on here\n');
      }
    });

    it('stops at the step that fails, and says what is missing', async () => {
      using temporary = temporaryFolder();
      const { origin, machine, project } = setUp(temporary.path);
      const gone = await machine.run(setupScript({ name: 'my project', data: [], code: { url: origin, commit, pushed: false }, command: 'touch ran' }));
      assert.notEqual(gone.code, 0);
      assert.equal(existsSync(join(project, 'ran')), false);
      const keyless = await machine.run(setupScript({ name: 'my project', data: [{ place: s3('bucket/data'), direction: 'pull', folder: 'data' }], command: 'touch ran' }));
      assert.deepEqual([keyless.code, keyless.stderr.trim()], [1, 'DATA1_KEY_ID is not set']);
      assert.equal(existsSync(join(project, 'ran')), false);
    });

    const rclone = findRclone();
    (rclone === undefined ? it.skip : it)('brings the data and sends the results', async () => {
      using temporary = temporaryFolder();
      const { origin, first, machine, project } = setUp(temporary.path);
      mkdirSync(join(temporary.path, 's3/bucket/data'), { recursive: true });
      writeFileSync(join(temporary.path, 's3/bucket/data/in.txt'), 'real data');
      mkdirSync(join(machine.home, '.gpu-rental/bin'), { recursive: true });
      symlinkSync(rclone ?? '', join(machine.home, '.gpu-rental/bin/rclone'));
      const server = await startS3(rclone ?? '', join(temporary.path, 's3'), 'AKIDX', 'SECRETX');
      try {
        Object.assign(machine.env, { DATA1_KEY_ID: 'AKIDX', DATA1_SECRET: 'SECRETX', DATA2_KEY_ID: 'AKIDX', DATA2_SECRET: 'SECRETX' });
        const script = setupScript({
          name: 'my project', code: { url: origin, commit: first, pushed: true }, command: 'python3 train.py result',
          data: [{ place: s3('bucket/data', server.endpoint), direction: 'pull', folder: 'data' }, { place: s3('bucket/out', server.endpoint), direction: 'push', folder: 'out' }],
        });
        const { code, stderr } = await machine.run(script);
        assert.equal(code, 0, stderr);
        assert.equal(readFileSync(join(project, 'data/in.txt'), 'utf8'), 'real data');
        assert.equal(readFileSync(join(temporary.path, 's3/bucket/out/result.txt'), 'utf8'), 'result on real data');
      } finally {
        await server.stop();
      }
    });
  });
}
