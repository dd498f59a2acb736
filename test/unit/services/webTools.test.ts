/** Against programs that behave as JupyterLab and TensorBoard do: they write their files, listen and go on. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readJupyter } from '../../../src/scripts/jupyter.ts';
import { readEventFolders, readTensorboard } from '../../../src/scripts/tensorboard.ts';
import { readGone, readStarted } from '../../../src/scripts/webTool.ts';
import { systemClock } from '../../../src/services/clock.ts';
import { install, jupyter, runFolders, running, start, tensorboard } from '../../../src/services/webTools.ts';
import { FakeMachineLink } from '../../fakes/fakeMachineLink.ts';

const never = new AbortController().signal;

/** What it leaves behind while it lives; the rest is silence. The name stands in its command line, as a script's does. */
const fakeTool = (write: string): string => `#!/bin/sh
printf '%s\\n' "$@" >"$HOME/arguments"
${write}
i=0; while [ "$i" -lt 600 ]; do sleep 0.1; i=$((i + 1)); done
`;

const jupyterProgram = fakeTool(`d=$HOME/.local/share/jupyter/runtime; mkdir -p "$d"
printf '{"base_url": "/", "password": false, "pid": %s, "port": 8890, "root_dir": "/workspace", "secure": false, "token": "%s",\\n "url": "http://localhost:8890/"}' "$$" "$(cat "$JUPYTER_TOKEN_FILE")" >"$d/jpserver-$$.json"`);
const tensorboardProgram = fakeTool(`d=$TMPDIR/.tensorboard-info; mkdir -p "$d"
printf '{"db": "", "logdir": "/workspace/runs", "path_prefix": "", "pid": %s, "port": 6007, "version": "2.21.0"}' "$$" >"$d/pid-$$.info"`);

describe('JupyterLab and TensorBoard on a machine', function () {
  this.timeout(30_000);
  const root = mkdtempSync(join(tmpdir(), "tool's "));
  const home = join(root, 'home');
  const bin = join(root, 'bin');
  const started: number[] = [];
  before(function () {
    if (process.platform !== 'linux' || spawnSync('sh', ['-c', 'command -v jupyter-lab || command -v tensorboard']).status === 0) this.skip();
    mkdirSync(bin);
  });
  beforeEach(() => mkdirSync(home));
  afterEach(() => {
    for (const pid of started.splice(0)) {
      try {
        process.kill(pid);
      } catch {
        // It has ended by itself.
      }
    }
    rmSync(home, { recursive: true });
    rmSync(bin, { recursive: true });
    mkdirSync(bin);
  });
  after(() => rmSync(root, { recursive: true }));

  function machine(programs: Readonly<Record<string, string>>): FakeMachineLink {
    for (const [name, text] of Object.entries(programs)) {
      writeFileSync(join(bin, name), text);
      chmodSync(join(bin, name), 0o755);
    }
    const link = new FakeMachineLink();
    Object.assign(link.env, { HOME: home, TMPDIR: home, PATH: `${bin}:${process.env['PATH'] ?? ''}` });
    delete link.env['JUPYTER_RUNTIME_DIR'];
    return link;
  }
  const own = async <W>(link: FakeMachineLink, tool: Parameters<typeof running<W>>[1]) => (await running(link, tool, never)).filter(({ pid }) => started.includes(pid));

  it('JupyterLab is started with a token that stands in no argument, and is found from then on', async () => {
    const link = machine({ 'jupyter-lab': jupyterProgram });
    const opened = await start(link, jupyter, [join(root, "no such"), home], systemClock, never);
    assert.ok(opened.is === 'open');
    const { server } = opened;
    started.push(server.pid);
    const token = readFileSync(join(home, '.gpu-rental/jupyter/token'), 'utf8');
    assert.match(token, /^[0-9a-f]{48}$/);
    assert.deepEqual({ ...server, pid: 0 }, { port: 8890, pid: 0, secure: false, basePath: '', token, folder: '/workspace' });
    assert.equal(statSync(join(home, '.gpu-rental/jupyter/token')).mode & 0o077, 0);
    assert.equal(statSync(join(home, '.gpu-rental/jupyter/log')).mode & 0o077, 0);
    const words = readFileSync(join(home, 'arguments'), 'utf8');
    assert.ok(!words.includes(token) && words.includes('--ip=127.0.0.1') && words.includes(`--ServerApp.root_dir=${home}`), words);
    assert.ok(!link.scripts.join().includes(token), 'it never leaves for the machine');
    assert.deepEqual(await own(link, jupyter), [server]);
    process.kill(server.pid);
    for (let left = 1; left > 0; left = (await own(link, jupyter)).length) await systemClock.sleep(20);
  });

  it('TensorBoard shows the folder that was asked for, whatever it is called', async () => {
    const link = machine({ tensorboard: tensorboardProgram });
    const folder = join(home, "it's $(a) folder");
    const opened = await start(link, tensorboard, folder, systemClock, never);
    assert.ok(opened.is === 'open');
    started.push(opened.server.pid);
    assert.deepEqual({ ...opened.server, pid: 0 }, { port: 6007, pid: 0, secure: false, basePath: '', folder: '/workspace/runs' });
    assert.deepEqual(readFileSync(join(home, 'arguments'), 'utf8').trim().split('\n'), ['--host', '127.0.0.1', '--logdir', folder]);
    assert.equal((await own(link, tensorboard)).length, 1);
  });

  it('one that is missing is said to be, and nothing is written', async () => {
    const link = machine({});
    assert.deepEqual(await start(link, jupyter, [home], systemClock, never), { is: 'missing' });
    assert.deepEqual(await start(link, tensorboard, home, systemClock, never), { is: 'missing' });
    assert.equal(existsSync(join(home, '.gpu-rental')), false);
  });

  it('one that fails says why', async () => {
    const link = machine({ 'jupyter-lab': '#!/bin/sh\necho "no module named tornado" >&2\nexit 1\n' });
    const opened = await start(link, jupyter, [home], systemClock, never);
    assert.ok(opened.is === 'failed');
    assert.match(opened.log, /no module named tornado/);
  });

  it('is installed with pip, whose words are kept when it fails', async () => {
    assert.equal(await install(machine({ python3: `#!/bin/sh\n[ "$*" = "-m pip install --no-input --disable-pip-version-check --progress-bar off jupyterlab" ] && [ "$PIP_BREAK_SYSTEM_PACKAGES" = 1 ]\n` }), jupyter, never), undefined);
    assert.match((await install(machine({ python3: '#!/bin/sh\necho no network\nexit 1\n' }), tensorboard, never)) ?? '', /no network/);
  });

  it('a file of a process that is gone, or is another program now, counts for nothing', async () => {
    const link = machine({});
    const runtime = join(home, '.local/share/jupyter/runtime');
    mkdirSync(runtime, { recursive: true });
    for (const pid of [process.pid, 999_999_999]) writeFileSync(join(runtime, `jpserver-${pid}.json`), JSON.stringify({ pid, port: 8888, token: 'x' }));
    assert.deepEqual((await running(link, jupyter, never)).filter(({ pid }) => pid === process.pid || pid === 999_999_999), []);
  });

  it('runs are found where event files lie', async () => {
    for (const run of ["runs/it's one", 'runs/two', 'node_modules/three']) {
      mkdirSync(join(home, run), { recursive: true });
      writeFileSync(join(home, run, 'events.out.tfevents.1732.host.1.0'), '');
    }
    const found = await runFolders(machine({}), [join(home, 'runs'), '/no such folder'], never);
    assert.deepEqual(found, [{ path: join(home, 'runs'), runs: 2 }, { path: join(home, "runs/it's one"), runs: 1 }, { path: join(home, 'runs/two'), runs: 1 }]);
  });
});

describe('what a machine says of its servers', () => {
  const line = (value: unknown): string => `banner\ngpu-rental:server ${JSON.stringify(value)}\n`;

  it('is taken only as far as it can be meant', () => {
    assert.deepEqual(readJupyter(line({ pid: 7, port: 8888, base_url: '/user/x/', secure: true, token: 'abc', root_dir: 'relative' })), [{ pid: 7, port: 8888, secure: true, basePath: '/user/x', token: 'abc' }]);
    for (const odd of [{}, { pid: 7 }, { pid: 7, port: 0 }, { pid: 7, port: 70_000 }, { pid: '7', port: 8888 }, [], 'x', null]) assert.deepEqual(readJupyter(line(odd)), []);
    assert.deepEqual(readJupyter(line({ pid: 7, port: 8888, base_url: '//evil.invalid/"><script>', token: 'a\nb' })), [{ pid: 7, port: 8888, secure: false, basePath: '' }]);
    assert.deepEqual(readTensorboard(line({ pid: 7, port: 6006, logdir: '/w', path_prefix: '/tb' }) + line({ pid: 7, port: 6006, logdir: '/w', path_prefix: '/tb' })), [{ pid: 7, port: 6006, secure: false, basePath: '/tb', folder: '/w' }]);
  });

  it('never breaks the reader', () => {
    const text = fc.array(fc.oneof(fc.constantFrom('gpu-rental:server ', 'gpu-rental:started 5', 'gpu-rental:missing', 'gpu-rental:gone', 'gpu-rental:log x', 'gpu-rental:events /a/events.out.tfevents.1', '{"pid":1,"port":2', '\n'), fc.json(), fc.string())).map((parts) => parts.join(''));
    fc.assert(fc.property(text, (printed) => {
      for (const { port, basePath, token = '' } of [...readJupyter(printed), ...readTensorboard(printed)]) assert.ok(port > 0 && port < 65_536 && /^[\w\-./~]*$/.test(basePath) && /^[\x21-\x7e]*$/.test(token));
      for (const folder of readEventFolders(printed)) assert.match(folder, /^\//);
      readStarted(printed);
      readGone(printed);
    }));
  });
});
