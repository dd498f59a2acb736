// What Remote-SSH is handed when a machine is opened as a workspace: the folder, the settings that spare questions,
// and a line in the user's own SSH configuration, which is theirs otherwise.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findExecutable } from '../host/executable.ts';
import { type TemporaryFolder, temporaryFolder } from '../host/temporary.ts';
import { until } from '../host/until.ts';
import { readNotices, waitForNotice, answerNotice } from './harness/notices.ts';
import { newest, openPractice, type Practice } from './harness/practice.ts';
import { answerDialog } from './harness/prompts.ts';
import { inOrder } from './harness/steps.ts';
import { clickContext, clickInline, expandRow, openContainer, waitForRows } from './harness/trees.ts';
import { type Asked, watchOpenFolder } from './remote/handedOver.ts';
import { packRemoteSsh } from './remote/standIn.ts';
import { useWorkbench } from './workbench.ts';

const gpu = 'RTX 3090';
/** On demand, because an interruptible line goes on. */
const atVast = /1× 24 GB\s*\d+\.\d % · .* · Vast\.ai$/;
/** With a host of the user's own, and one of ours that is long gone. */
const platforms = { 'my-server': 'macOS', 'gpu-rental-00000000000000000000': 'linux' };
const ownConfig = 'Host my-server\n  HostName 192.0.2.7\n  Port 2222\n\nHost *\n  User somebody\n  Port 22\n';

describe('a workspace over SSH', () => {
  let practice: Practice;
  let scratch: TemporaryFolder;
  let asked: readonly Asked[];
  let alias = '';
  const workbench = useWorkbench(async () => {
    scratch = await temporaryFolder('stand-in');
    practice = await openPractice({ seed: 7, offers: 60, bootScale: 0 });
    return { market: practice, extensions: [packRemoteSsh(scratch.path)], settings: { 'remote.SSH.remotePlatform': platforms } };
  });
  after(async () => await scratch[Symbol.asyncDispose]());
  inOrder();

  const page = () => workbench().page;
  const hostFile = () => join(workbench().home, 'ssh', 'config');
  const userConfig = () => join(workbench().userHome, '.ssh', 'config');
  const ourBlock = () => `# >>> GPU Rental\nInclude "${hostFile()}"\n# <<< GPU Rental\n`;
  const settings = (): Record<string, unknown> => JSON.parse(readFileSync(workbench().settingsFile, 'utf8'));

  /** Does something that opens a window; gives what the editor was asked for, and the folder in the window's address. */
  async function opened(act: () => Promise<unknown>): Promise<{ asked: Asked | undefined; folder: string | null }> {
    const before = asked.length;
    const [popup] = await Promise.all([page().waitForEvent('popup'), act()]);
    const folder = new URL(await until('the address of the new window', () => /folder=/.test(popup.url()) && popup.url())).searchParams.get('folder');
    await popup.close();
    await until('the request for it', () => asked.length > before);
    assert.equal(asked.length, before + 1);
    return { asked: asked.at(-1), folder };
  }

  const openAgain = () => clickContext(page(), 'Instances', gpu, 'Open Workspace');

  before(async () => {
    mkdirSync(join(workbench().userHome, '.ssh'), { mode: 0o700 });
    writeFileSync(userConfig(), ownConfig, { mode: 0o640 });
    asked = await watchOpenFolder(page());
  });

  it("opens in a new window, as the machine's own folder under its alias", async () => {
    await openContainer(page(), 'GPU Rental');
    await expandRow(page(), 'Offers', `${gpu} ·`);
    await clickInline(page(), 'Offers', atVast, 'Rent…');
    await answerDialog(page(), 'Rent');
    await waitForNotice(page(), /is ready/);
    assert.equal(readFileSync(userConfig(), 'utf8'), ownConfig, 'renting alone changes nothing of the user');
    const { asked: uri, folder } = await opened(() => answerNotice(page(), /is ready/, 'Open workspace'));
    alias = /^Host (\S+)$/m.exec(readFileSync(hostFile(), 'utf8'))?.[1] ?? '';
    assert.match(alias, /^gpu-rental-[a-z0-9-]+$/);
    const home = join(newest(practice).dir, 'root');
    assert.deepEqual(uri, { authority: `ssh-remote+${alias}`, path: home, newWindow: true });
    assert.equal(folder, home);
  });

  it('asks nothing on the way: the platform is known and the machine has time to answer', async () => {
    const { 'remote.SSH.remotePlatform': platform, 'remote.SSH.connectTimeout': timeout, 'remote.SSH.configFile': file } = settings();
    assert.deepEqual(platform, { 'my-server': 'macOS', [alias]: 'linux' });
    assert.deepEqual([timeout, file], [60, undefined]);
  });

  it("stands in the user's own SSH configuration as one line at the top", () => {
    assert.equal(readFileSync(userConfig(), 'utf8'), ourBlock() + ownConfig);
    assert.equal(statSync(userConfig()).mode & 0o777, 0o640);
  });

  it('is what ssh finds under its alias, and the own hosts are what they were', function ask() {
    const ssh = findExecutable(['ssh']);
    if (!ssh) {
      console.error('What ssh makes of its configuration is skipped: there is none on this machine.');
      return this.skip();
    }
    const options = (host: string): string => execFileSync(ssh, ['-F', userConfig(), '-G', host], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    assert.match(options(alias), new RegExp(`^port ${newest(practice).sshPort}$`, 'm'));
    assert.match(options(alias), /^user root$/m);
    assert.match(options('my-server'), /^user somebody$/m);
    assert.match(options('my-server'), /^port 2222$/m);
  });

  it('opens again without another change to what is theirs', async () => {
    const before = [statSync(userConfig()).mtimeMs, statSync(workbench().settingsFile).mtimeMs];
    const { asked: uri } = await opened(openAgain);
    assert.equal(uri?.authority, `ssh-remote+${alias}`);
    assert.deepEqual([statSync(userConfig()).mtimeMs, statSync(workbench().settingsFile).mtimeMs], before);
  });

  it('goes another way, after a question, where that file cannot be changed', async () => {
    const damaged = `# >>> GPU Rental\n${ownConfig}`;
    writeFileSync(userConfig(), damaged);
    const { asked: uri } = await opened(async () => {
      await openAgain();
      const { message, detail, buttons } = await answerDialog(page(), 'Use that file');
      assert.ok(message.includes(userConfig()) && message.endsWith('cannot be changed.'), message);
      assert.ok(detail.includes(`Include "${hostFile()}"`), detail);
      assert.deepEqual(buttons.toSorted(), ['Cancel', 'Copy line', 'Use that file']);
    });
    assert.equal(uri?.authority, `ssh-remote+${alias}`);
    assert.equal(settings()['remote.SSH.configFile'], hostFile());
    assert.equal(readFileSync(userConfig(), 'utf8'), damaged);
  });

  it('leaves nothing of the machine behind once it is destroyed', async () => {
    await clickContext(page(), 'Instances', gpu, 'Destroy…');
    await answerDialog(page(), 'Destroy');
    await waitForRows(page(), 'Instances', (rows) => rows.length === 0);
    await until('it to leave our file', () => !/^Host /m.test(readFileSync(hostFile(), 'utf8')));
    assert.deepEqual((await readNotices(page())).filter(({ severity }) => severity !== 'info'), []);
  });
});
