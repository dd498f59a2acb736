// What a rented machine is for: a window on it. The desktop's Remote-SSH does not run in a browser, so here is done
// what it does, with the computer's own ssh and our host file alone: see that ssh would do what we meant, start a
// VS Code server through it, and work on the machine in a browser that has no other way there.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type BrowserParts, ensureBrowserParts, launchChromium } from '../host/browser.ts';
import { findExecutable } from '../host/executable.ts';
import { until } from '../host/until.ts';
import { writeSettings } from '../host/workbench.ts';
import { waitForEditor } from './harness/editors.ts';
import { inOrder } from './harness/steps.ts';
import { terminalSettings, typeInTerminal, waitForTerminal } from './harness/terminals.ts';
import { connectAsRemoteSsh, type Connection } from './remote/connection.ts';
import { type Machine, onMachine, rentMachine, withHostFile } from './remote/machine.ts';
import { waitForWorkbench } from './workbench.ts';

const purpose = 'a window on a rented machine';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe(purpose, function hookup() {
  this.timeout(120_000);
  let parts: BrowserParts;
  let browser: Browser | undefined;
  let machine: Machine | undefined;
  let connection: Connection | undefined;
  let page: Page;
  let project: string;
  inOrder();

  const rented = (): Machine => machine ?? assert.fail('nothing is rented');
  const connected = (): Connection => connection ?? assert.fail('nothing is connected');

  /** A browser that reaches even its own computer through this connection alone, as it takes one for the machine. */
  async function browse({ proxy }: Connection): Promise<Page> {
    const context = await (browser ?? assert.fail('no browser')).newContext({ proxy: { server: proxy, bypass: '<-loopback>' } });
    return await context.newPage();
  }

  before(async function prepare() {
    const ssh = process.platform === 'win32' ? undefined : findExecutable(['ssh']);
    if (!ssh) console.error(`${purpose} is skipped: there is no ssh on this machine, or its shell cannot run a POSIX script.`);
    const found = ssh && await ensureBrowserParts(purpose);
    if (!found) return this.skip();
    parts = found;
    machine = await rentMachine('vast');
    browser = await launchChromium(parts.chromium);
    project = join(machine.ready.report.home, 'project');
  });

  after(async () => {
    await browser?.close();
    await connection?.end();
    await machine?.[Symbol.asyncDispose]();
  });

  it('is reached as we meant, by ssh with our host file alone', async () => {
    const { core, ready, rental } = rented();
    const { status, out } = await withHostFile(rented(), 'ssh', ['-G', ready.alias]);
    assert.equal(status, 0);
    const options = new Map(out.trim().split('\n').map((line): [string, string] => {
      const [, name = '', value = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
      return [name, value.replaceAll('"', '')];
    }));
    const wanted = {
      hostname: '127.0.0.1', port: String(rental.sshPort), user: 'root', hostkeyalias: ready.alias, identitiesonly: 'yes',
      forwardagent: 'no', forwardx11: 'no', controlmaster: 'false', updatehostkeys: 'false', serveraliveinterval: '15',
    };
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((name) => [name, options.get(name)])), wanted);
    assert.match(options.get('stricthostkeychecking') ?? '', /^(yes|true)$/);
    for (const name of ['identityfile', 'userknownhostsfile', 'globalknownhostsfile']) {
      const path = options.get(name) ?? '';
      assert.ok(path.startsWith(rented().scratch) && existsSync(path), `${name} is ${path}`);
    }
    const host = { alias: ready.alias, endpoint: ready.report.endpoint };
    assert.deepEqual(await core.ssh.checkEffective(host, { configFile: ready.hostFile }), []);
  });

  it('is known by the host key we pinned, and by no other word', async () => {
    assert.equal(await onMachine(rented(), 'printf "$CONTAINER_ID"'), rented().rental.id);
    const { status, err } = await withHostFile(rented(), 'ssh', ['-o', 'UserKnownHostsFile=/dev/null', rented().ready.alias, 'true']);
    assert.equal(status, 255);
    assert.match(err, /Host key verification failed|No ED25519 host key is known/);
  });

  it('has a VS Code server that a script on standard input started', async () => {
    await onMachine(rented(), 'mkdir -p ~/project ~/.vscode-server && printf "steps = 10\\n" >~/project/train.py');
    const data = join(rented().scratch, 'data');
    await mkdir(data);
    // A workbench in a browser saves by itself unless it is told not to.
    writeSettings(data, { ...terminalSettings, 'files.autoSave': 'off' });
    const copied = await withHostFile(rented(), 'scp', ['-q', '-r', data, `${rented().ready.alias}:.vscode-server/`]);
    assert.equal(copied.status, 0, copied.err);
    connection = await connectAsRemoteSsh(rented(), parts.server);
    const { pid } = connection;
    assert.equal(await onMachine(rented(), `kill -0 ${pid} && printf up`), 'up');
  });

  it('shows its folder through the forward of that connection', async () => {
    const before = rented().rental.traffic.bytesOut;
    page = await browse(connected());
    page.setDefaultTimeout(30_000);
    await page.goto(`${connected().origin}/?${new URLSearchParams({ folder: project })}`);
    await waitForWorkbench(page);
    await page.locator('.explorer-folders-view').getByRole('treeitem', { name: 'train.py' }).dblclick();
    await waitForEditor(page, 'train.py', /^steps = 10$/m);
    // A workbench is megabytes of code, and all of it came from the machine.
    assert.ok(rented().rental.traffic.bytesOut - before > 2_000_000);
  });

  it('takes what is typed and saved into its own file', async () => {
    await page.locator('.editor-instance .view-lines').click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('steps = 2000');
    await waitForEditor(page, 'train.py', /^steps = 2000$/m);
    assert.equal(await onMachine(rented(), 'cat ~/project/train.py'), 'steps = 10\n');
    await page.keyboard.press('ControlOrMeta+S');
    await until('the file on the machine to change', async () => /^steps = 2000\n*$/.test(await onMachine(rented(), 'cat ~/project/train.py')));
  });

  it('runs what is typed in its terminal', async () => {
    await page.keyboard.press('Control+Shift+Backquote');
    await waitForTerminal(page, /practice-pod/);
    await typeInTerminal(page, 'pwd >who.txt; echo "I am $CONTAINER_ID" | tee -a who.txt');
    await waitForTerminal(page, new RegExp(`^I am ${rented().rental.id}$`, 'm'));
    assert.equal(await onMachine(rented(), 'cat ~/project/who.txt'), `${project}\nI am ${rented().rental.id}\n`);
  });

  it('keeps its server when the connection is lost, and is found again by a new one', async () => {
    const { pid, origin } = connected();
    await connected().end();
    await assert.rejects(page.goto(origin), /ERR_PROXY_CONNECTION_FAILED/, 'the browser has another way to the machine');
    connection = await connectAsRemoteSsh(rented(), parts.server);
    assert.deepEqual([connection.pid, connection.origin], [pid, origin]);
    page = await browse(connection);
    await page.goto(`${origin}/?${new URLSearchParams({ folder: project })}`);
    await waitForWorkbench(page);
    await page.locator('.explorer-folders-view').getByRole('treeitem', { name: 'who.txt' }).waitFor();
  });

  it('is gone with everything that ran on it once it is destroyed', async () => {
    const { core, ready, rental } = rented();
    const { pid } = connected();
    assert.ok(isAlive(pid));
    await core.rentals.destroy(ready.instanceId);
    await until('the server to be gone', () => !isAlive(pid));
    assert.deepEqual([rental.state, existsSync(rental.dir)], ['destroyed', false]);
    // To ssh the alias is now a name like any other.
    const { out } = await withHostFile(rented(), 'ssh', ['-G', ready.alias]);
    assert.match(out, new RegExp(`^hostname ${ready.alias}$`, 'm'));
  });
});
