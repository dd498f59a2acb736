/** What guard.sh sees, keeps and says, on a folder that stands for a machine: nothing of the script is replaced. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { linesFor } from '../../../src/guard/minify.ts';
import { guardScript } from '../../../src/guard/pack.ts';
import { renewalCommand, statusCommand } from '../../../src/guard/renewal.ts';
import { parseStatus } from '../../../src/guard/status.ts';
import { usd } from '../../../src/domain/money.ts';
import { isHere, shells, startShell } from './shells.ts';

const label = 'gpu-rental-ab12cd-01kav';
const lines = linesFor(guardScript(), ['runpod', 'http']);
const functions = linesFor(guardScript().split('# At every start of the container')[0] ?? '', ['runpod', 'http']);
const bear = `sleep() { command sleep 0.02; }\nbe_born ${label} 2000000 100000 5000000 3600 4000000000 1800 stop 127.0.0.1:9\n`;

for (const shell of shells) {
  describe(`guard.sh under ${shell.name}`, function () {
    this.timeout(30_000);
    let machine: string;

    beforeEach(function () {
      if (!isHere(shell) || process.platform !== 'linux') this.skip();
      machine = mkdtempSync(join(tmpdir(), 'guard-senses-'));
    });
    afterEach(() => rmSync(machine, { recursive: true, force: true }));

    const file = (path: string, text: string): string => {
      const full = join(machine, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text);
      return full;
    };
    const read = (path: string): string => readFileSync(join(machine, path), 'utf8');
    const env = () => ({ HOME: join(machine, 'root'), PATH: `${join(machine, 'bin')}:${process.env['PATH'] ?? ''}` });
    const run = (script: string) => startShell(shell, `${functions}\n${script}`, env());
    const tool = (name: string, text: string): void => chmodSync(file(`bin/${name}`, `#!/bin/sh\n${text}\n`), 0o755);

    it('reads the busiest GPU a tick late, and knows when it does not know', async () => {
      const twice = 'rm -f .gpu; gpu_wait=0; see_gpu; echo "<$gpu_pct>"; while [ ! -e .gpu ]; do sleep 0.05; done; see_gpu; echo "<$gpu_pct>"; wait';
      tool('nvidia-smi', 'printf "3\\n97\\n12\\n"');
      assert.equal(await run(twice), '<>\n<97>\n');
      for (const broken of ['echo "NVIDIA-SMI has failed"; exit 9', 'echo "[N/A]"', 'exit 1']) {
        tool('nvidia-smi', broken);
        assert.equal(await run(twice), '<>\n<>\n', broken);
      }
    });

    it('waits for no GPU tool that hangs', async () => {
      tool('nvidia-smi', 'echo $$ >"$HOME/pid"; exec sleep 1000');
      assert.equal(await run('gpu_wait=0; for i in 1 2 3; do see_gpu; echo "<$gpu_pct> $gpu_wait"; done; until [ -s "$HOME/pid" ]; do sleep 0.05; done; kill $(cat "$HOME/pid")'), '<> 1\n<> 2\n<> 3\n');
    });

    it('sees typing, and connections that are open', async () => {
      const terminal = file('dev/pts/3', '');
      file('dev/pts/ptmx', '');
      utimesSync(terminal, 1_700_000_000, 1_800_000_000);
      file('proc/net/tcp', [
        '  sl  local_address rem_address   st tx_queue rx_queue', '   0: 00000000:0016 00000000:0000 0A 00000000:00000000', '   1: 0100007F:0016 0100007F:D3A2 01 00000000:00000000',
        '   2: 0100007F:D3A2 0100007F:0016 01 00000000:00000000', '   3: 0100007F:0016 0100007F:D3A4 06 00000000:00000000',
      ].join('\n'));
      file('proc/net/tcp6', '   0: 0000000000000000FFFF00000100007F:0016 0000000000000000FFFF00000100007F:D3A6 01 0:0\n');
      assert.equal(await run('see_ttys; echo "<$typed_at> $ssh_n"'), '<1700000000> 2\n');
    });

    it('has no terminals where there are none', async () => assert.equal(await run('see_ttys; echo "<$typed_at> $ssh_n"'), '<> 0\n'));

    it('takes bytes on a standing connection for use, not a new connection nor a beat', async () => {
      const session = (pid: number, name: string, bytes: number): void => {
        file(`proc/${pid}/comm`, `${name}\n`);
        file(`proc/${pid}/io`, `rchar: 5\nwchar: ${bytes}\nsyscr: 1\ncancelled_write_bytes: 9\n`);
      };
      session(7, 'sshd', 1000);
      session(8, 'python3', 0);
      const grow = (pid: number, bytes: number): string => `printf 'rchar: 5\\nwchar: ${bytes}\\n' >${machine}/proc/${pid}/io`;
      const script = [
        'look_s=15; see_traffic; echo "first <$is_moving>"', `${grow(7, 3000)}; see_traffic; echo "beat <$is_moving>"`, `${grow(7, 99_999)}; see_traffic; echo "bytes <$is_moving>"`,
        'see_traffic; echo "still <$is_moving>"', `mkdir ${machine}/proc/9; echo sshd-session >${machine}/proc/9/comm; ${grow(9, 9_999_999)}; ${grow(8, 9_999_999)}; see_traffic; echo "new <$is_moving>"`,
        `rm -r ${machine}/proc/7; see_traffic; echo "gone <$is_moving>"`,
      ];
      assert.deepEqual((await run(script.join('\n'))).trim().split('\n'), ['first <>', 'beat <>', 'bytes <1>', 'still <>', 'new <>', 'gone <>']);
    });

    it('takes a run that announced itself for use while it lives', async () => {
      const script = 'mkdir -p jobs; sleep 100 >/dev/null & : >jobs/$!; see_jobs; echo "<$is_working>"; kill $!; wait; see_jobs; echo "<$is_working>"; ls jobs';
      assert.equal(await run(script), '<1>\n<>\n');
    });

    it('names every host key once, and a new one', async () => {
      file('etc/ssh/ssh_host_ed25519_key.pub', 'ssh-ed25519 AAAA1 root@pod\n');
      const script = `label_s=${label} told_keys=; tell_keys; tell_keys; echo 'ssh-rsa AAAA2' >${machine}/etc/ssh/ssh_host_rsa_key.pub; tell_keys`;
      assert.equal(await run(script), `gpu-rental-hostkey ${label} ssh-ed25519 AAAA1 root@pod\ngpu-rental-hostkey ${label} ssh-rsa AAAA2\n`);
    });

    it('has a word for every terminal', async () => {
      const terminals = [file('dev/pts/0', ''), file('dev/pts/12', '')];
      await run('tell_ttys "stop in 180 s"; wait');
      for (const terminal of terminals) assert.equal(readFileSync(terminal, 'utf8'), '\r\n*** gpu-rental-guard: stop in 180 s\r\n');
    });

    it('keeps its counters where a stop leaves them, and takes them up again', async () => {
      const tick = 'see_tick; keep_all; wait';
      await run(`${bear}used_s=3000 cap_usd=7000000 was_claimed=1 grace_s=77\n${tick}`);
      const outside = join('workspace/.gpu-rental', label, 'kept');
      assert.equal(read(outside), read('root/.gpu-rental/kept'));
      rmSync(join(machine, 'root'), { recursive: true });
      assert.match(await run(`${bear}echo $used_s $cap_usd $was_claimed`), /watches used=300\d\n300\d 7000000 1\n$/);
    });

    it('takes off its budget what the disk cost while nothing ran', async () => {
      const hour = 3600;
      const born = async (secondsAgo: number): Promise<number> => {
        const kept = file('root/.gpu-rental/kept', '1 100 0 1 3600 5000000 4000000000 180 0 0 0 0 0 0 1\n');
        const at = Date.now() / 1000 - secondsAgo;
        utimesSync(kept, at, at);
        return Number(/\n(\d+)\n$/.exec(await run(`${bear}echo $cap_usd`))?.[1]);
      };
      rmSync(join(machine, 'workspace'), { recursive: true, force: true });
      const left = await born(2 * hour);
      assert.ok(left <= 4_800_000 && left > 4_790_000, String(left));
      for (const [secondsAgo, budget] of [[100 * hour, 1], [-2 * hour, 5_000_000]] as const) {
        rmSync(join(machine, 'root/.gpu-rental/same'), { force: true });
        assert.equal(await born(secondsAgo), budget);
      }
      // An image without the tool that tells a file's age takes up its counters all the same.
      rmSync(join(machine, 'root/.gpu-rental/same'), { force: true });
      await born(2 * hour);
      rmSync(join(machine, 'root/.gpu-rental/same'), { force: true });
      assert.match(await run(`stat() { return 1; }\n${bear}echo $used_s $cap_usd`), /\n100 5000000\n$/);
      // Only the guard died: what passed counts as use.
      file('root/.gpu-rental/same', '');
      assert.equal(await born(2 * hour), 5_000_000);
    });

    it('takes up no counters that are not whole', async () => {
      for (const torn of ['1 3000 0 0 3600 5000000 4000000000 180 0 0 0 0 0 0', '1 0x9 0 0 1 1 1 180 0 0 0 0 0 0 1', '1 08 0 0 1 1 1 180 0 0 0 0 0 0 1', '', '* * *', '1 1+1 0 0 1 1 1 180 0 0 0 0 0 0 1']) {
        file('root/.gpu-rental/kept', torn);
        assert.match(await run(`${bear}echo $used_s $cap_usd $cap_s`), /\n0 5000000 3600\n$/, torn);
      }
    });

    it('goes on with all it knew when only it died', async () => {
      file('root/.gpu-rental/lease', '1 5 900 0 0 0 0 0 1\n');
      await run(`${bear}see_tick; idle_s=500 hold_s=60; keep_all`);
      assert.match(await run(`${bear}echo $is_leased $idle_s $hold_s; hear_lease; echo $lease_s`), /\n1 500 60\n(900|899)\n$/);
      rmSync(join(machine, 'root/.gpu-rental/same'));
      assert.match(await run(`${bear}echo $is_leased $idle_s $hold_s`), /\n0 0 0\n$/);
    });

    it('hears a renewal of ours and answers with a status of its own', async () => {
      file('root/.gpu-rental/jobs/x', '');
      assert.equal(parseStatus(await startShell(shell, statusCommand(), env()), label), undefined);
      await run(`${bear}see_tick; keep_all`);
      const command = renewalCommand(label, { ttlMs: 600_000, active: true, budget: usd(9), useMs: 7_200_000, holdMs: 60_000 });
      const status = parseStatus(await startShell(shell, command, env()), label) ?? assert.fail('no status');
      assert.deepEqual([status.phase, status.armed, status.usedMs < 60_000, status.ageMs < 60_000, status.tries], ['watching', false, true, true, 0]);
      assert.match(await run(`${bear}old_lease=; see_tick; echo $lease_s $hold_s $cap_usd $cap_s $is_active`), /\n600 60 9000000 7200 1\n$/);
    });

    it('takes no renewal that is meant for another rental', async () => {
      await run(`${bear}see_tick; keep_all`);
      const said = await startShell(shell, renewalCommand('gpu-rental-ab12cd-other', { ttlMs: 600_000, active: true }), env());
      assert.equal(parseStatus(said, 'gpu-rental-ab12cd-other'), undefined);
      assert.ok(!existsSync(join(machine, 'root/.gpu-rental/lease')));
    });

    it('runs the hook before it acts, and does not wait for one that is not there', async () => {
      assert.equal(await run('start_hook; wait; is_hooked && echo through'), 'through\n');
      chmodSync(file('root/.gpu-rental/pre-stop', '#!/bin/sh\necho "saved" >"$HOME/saved"\n'), 0o755);
      assert.equal(await run('start_hook; wait; is_hooked && echo through'), 'through\n');
      assert.equal(read('root/saved'), 'saved\n');
    });

    it('lives on a disk that takes nothing', async () => {
      mkdirSync(join(machine, 'root'));
      file('root/.gpu-rental', 'a file where its folder should be');
      const said = await run(`${bear}see_tick; keep_all; echo $its_phase $used_s $cap_s\ncall_api() { echo "called" >&3; }\nstart_call stop 3>&1; wait`);
      assert.match(said, /\nwatching \d+ 3600\n/);
      assert.match(said, /called\n$/);
    });

    it('starts in a fresh folder, and the later of two stays', async () => {
      file('root/.gpu-rental/lease', '1 5 900 1 0 0 0 0 1\n');
      file('root/.gpu-rental/jobs/1', '');
      file('root/.gpu-rental/same', '');
      const kept = file('root/.gpu-rental/kept', '1 100 0 1 3600 5000000 4000000000 180 0 0 0 0 0 0 1\n');
      const guard = `${lines.replace(/\bsleep \$x\b/, 'sleep 0.2')}\n`;
      const start = `export G\nsh -c "$G" g start ${label} 2000000 0 5000000 3600 4000000000 1800 stop 127.0.0.1:9 >>${machine}/log`;
      const watching = `until [ -s ${machine}/root/.gpu-rental/status ]; do sleep 0.1; done`;
      const script = [
        start, watching, `first=$(cat ${machine}/root/.gpu-rental/owner)`, start, watching, `second=$(cat ${machine}/root/.gpu-rental/owner)`,
        'while kill -0 $first 2>/dev/null; do sleep 0.1; done', '[ $first != $second ] && kill -0 $second && echo one', 'kill -- -$second 2>/dev/null || kill $second',
      ].join('\n');
      assert.equal(await startShell(shell, script, { ...env(), G: guard }), 'one\n');
      assert.match(read('log'), new RegExp(`^gpu-rental-guard ${label} watches used=100$`, 'm'));
      assert.ok(!existsSync(join(machine, 'root/.gpu-rental/lease')) && !existsSync(join(machine, 'root/.gpu-rental/jobs/1')));
      assert.match(readFileSync(kept, 'utf8'), /^1 10\d \d 1 /);
    });
  });
}
