import assert from 'node:assert/strict';
import {
  chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { connectUserConfig, removeInclude } from '../../../src/ssh/include.ts';
import { includeLine } from '../../../src/ssh/includeText.ts';
import { hasTool, rejectsWith, runChild, runTool, tempFolder } from './support/tools.ts';

const posixOnly = process.platform === 'win32' ? it.skip : it;
const asRootOnly = process.getuid?.() === 0 ? it : it.skip;
const withSsh = hasTool('ssh', '-V') ? it : it.skip;

describe('connecting the user\'s SSH configuration', () => {
  const temp = tempFolder();
  function place(content?: string, mode = 0o644) {
    const home = temp('home');
    const userConfig = join(home, '.ssh', 'config');
    const hostFile = join(home, 'state folder', 'ssh', 'config');
    if (content !== undefined) {
      mkdirSync(dirname(userConfig), { recursive: true });
      writeFileSync(userConfig, content, { mode });
      chmodSync(userConfig, mode);
    }
    return { home, userConfig, hostFile, line: includeLine(hostFile), read: () => readFileSync(userConfig, 'utf8') };
  }
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  posixOnly('makes a missing file and its folder, for the owner alone', async () => {
    const { userConfig, hostFile, line, read } = place();
    assert.equal(await connectUserConfig({ userConfig, hostFile }), 'added');
    assert.equal(read(), `# >>> GPU Rental\n${line}\n# <<< GPU Rental\n`);
    assert.deepEqual([modeOf(userConfig), modeOf(dirname(userConfig))], [0o600, 0o700]);
  });

  posixOnly('keeps the mode, the owner and every other byte', async () => {
    const { userConfig, hostFile, read } = place('Host a\r\n  User \u00e9\r\n', 0o640);
    const { uid, gid } = statSync(userConfig);
    await connectUserConfig({ userConfig, hostFile });
    assert.ok(read().endsWith('# <<< GPU Rental\r\nHost a\r\n  User \u00e9\r\n'));
    const after = statSync(userConfig);
    assert.deepEqual([after.mode & 0o777, after.uid, after.gid], [0o640, uid, gid]);
    assert.deepEqual(readdirSync(dirname(userConfig)), ['config']);
  });

  it('edits only when needed', async () => {
    const { userConfig, hostFile } = place('Host a\n');
    assert.equal(await connectUserConfig({ userConfig, hostFile }), 'added');
    const { ino, mtimeMs } = statSync(userConfig);
    assert.equal(await connectUserConfig({ userConfig, hostFile }), 'present');
    assert.deepEqual([statSync(userConfig).ino, statSync(userConfig).mtimeMs], [ino, mtimeMs]);
  });

  it('is undone to the byte', async () => {
    const content = 'Host a\n  User b';
    const { userConfig, hostFile, read } = place(content);
    assert.equal(await removeInclude({ userConfig, hostFile }), 'absent');
    await connectUserConfig({ userConfig, hostFile });
    assert.equal(await removeInclude({ userConfig, hostFile }), 'removed');
    assert.equal(read(), content);
    const missing = place();
    assert.equal(await removeInclude(missing), 'absent');
    assert.equal(existsSync(missing.userConfig), false);
  });

  posixOnly('writes through a symbolic link and keeps it', async () => {
    const { home, userConfig, hostFile, line } = place();
    mkdirSync(dirname(userConfig), { recursive: true });
    mkdirSync(join(home, 'dotfiles'));
    writeFileSync(join(home, 'dotfiles', 'ssh'), 'Host a\n');
    symlinkSync('../dotfiles/link', userConfig);
    symlinkSync('ssh', join(home, 'dotfiles', 'link'));
    await connectUserConfig({ userConfig, hostFile });
    assert.ok(lstatSync(userConfig).isSymbolicLink() && lstatSync(join(home, 'dotfiles', 'link')).isSymbolicLink());
    assert.ok(readFileSync(join(home, 'dotfiles', 'ssh'), 'utf8').startsWith(`# >>> GPU Rental\n${line}\n`));
    assert.deepEqual(readdirSync(dirname(userConfig)), ['config']);
  });

  posixOnly('makes the file a link points to, and sees through a circle', async () => {
    const { home, userConfig, hostFile, line } = place();
    mkdirSync(dirname(userConfig), { recursive: true });
    symlinkSync(join(home, 'real'), userConfig);
    await connectUserConfig({ userConfig, hostFile });
    assert.ok(readFileSync(join(home, 'real'), 'utf8').includes(line));
    symlinkSync('b', join(home, 'a'));
    symlinkSync('a', join(home, 'b'));
    await rejectsWith(connectUserConfig({ userConfig: join(home, 'a'), hostFile }), 'sshConfig', /circle/);
  });

  it('names the line to add where the file is write-protected, and leaves the file', async () => {
    const { userConfig, hostFile, line, read } = place('Host a\n', 0o444);
    const { detail } = await rejectsWith(connectUserConfig({ userConfig, hostFile }), 'sshConfig');
    assert.ok(detail?.includes(line) && detail.includes(userConfig), detail);
    assert.equal(read(), 'Host a\n');
  });

  it('is content with a write-protected file that has the line already', async () => {
    const first = place();
    const { userConfig, hostFile } = first;
    mkdirSync(dirname(userConfig), { recursive: true });
    writeFileSync(userConfig, `# made by a tool\n${first.line}\nHost a\n`, { mode: 0o444 });
    assert.equal(await connectUserConfig({ userConfig, hostFile }), 'present');
  });

  asRootOnly('names the line to add where the folder is closed to us', async () => {
    const { home, userConfig, hostFile, line } = place('Host a\n', 0o666);
    mkdirSync(dirname(hostFile), { recursive: true });
    chmodSync(dirname(hostFile), 0o777);
    for (const folder of [home, dirname(home), dirname(dirname(home))]) chmodSync(folder, 0o755); // all of our making
    const { code, stdout, stderr } = await runChild('includeAsNobody', dirname(hostFile), userConfig);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^sshConfig .*EACCES/);
    assert.ok(stdout.includes(line));
    assert.equal(readFileSync(userConfig, 'utf8'), 'Host a\n');
    assert.deepEqual(readdirSync(dirname(userConfig)), ['config']);
  });

  it('refuses damaged marks and a folder in the file\'s place, and says what to add', async () => {
    const damaged = place('# >>> GPU Rental\nHost a\n');
    const { detail } = await rejectsWith(connectUserConfig(damaged), 'sshConfig', /damaged marks/);
    assert.ok(detail?.includes(damaged.line));
    assert.equal(damaged.read(), '# >>> GPU Rental\nHost a\n');
    await rejectsWith(removeInclude(damaged), 'sshConfig', /remove: Include/);
    const folder = place();
    mkdirSync(folder.userConfig, { recursive: true });
    await rejectsWith(connectUserConfig(folder), 'sshConfig', /EISDIR.*add at its top: Include/);
  });

  it('ends with one block when several windows connect it at once', async () => {
    const { userConfig, hostFile, read, line } = place('Host a\n');
    const results = await Promise.all([
      ...Array.from({ length: 5 }, () => connectUserConfig({ userConfig, hostFile })),
      runChild('include', dirname(hostFile), userConfig).then(({ stdout }) => stdout),
    ]);
    assert.equal(read(), `# >>> GPU Rental\n${line}\n# <<< GPU Rental\nHost a\n`);
    assert.equal(results.filter((one) => one === 'added').length, 1);
    assert.equal(results.filter((one) => one === 'present').length, 5);
  });

  withSsh('is understood by ssh, spaces, percent signs, brackets and all', async () => {
    const { userConfig, hostFile } = place('Host *\n  Port 2222\n  User somebody\n');
    mkdirSync(dirname(hostFile), { recursive: true });
    writeFileSync(hostFile, 'Host gpu-1\n  HostName 192.0.2.1\n  User root\n');
    await connectUserConfig({ userConfig, hostFile });
    const { stdout, stderr } = await runTool('ssh', ['-F', userConfig, '-G', 'gpu-1']);
    assert.match(stdout, /^hostname 192\.0\.2\.1$/m, stderr);
    assert.match(stdout, /^user root$/m);
    assert.match(stdout, /^port 2222$/m, 'what we leave open stays the user\'s');
    const other = await runTool('ssh', ['-F', userConfig, '-G', 'elsewhere']);
    assert.match(other.stdout, /^user somebody$/m);
  });
});
