import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo } from 'node:net';
import type { LinkState } from '../../../../src/domain/machineLink.ts';
import { linkedPod, linkedSshd, type Linked } from '../support/linked.ts';
import { hasSshd } from '../support/sshd.ts';
import { rejectsWith, tempFolder, until } from '../support/tools.ts';

const posix = process.platform === 'win32' ? describe.skip : describe;

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

for (const { name, open, there } of [
  { name: 'a practice pod', open: linkedPod, there: true },
  { name: "OpenSSH's own server", open: linkedSshd, there: hasSshd },
]) {
  (there ? posix : describe.skip)(`a link to ${name}`, () => {
    const temp = tempFolder();
    let machine: Linked;
    before(async () => {
      machine = await open(temp('machine'));
    });
    after(() => machine.close());

    it('runs a script as it is, with what its commands read behind it', async () => {
      const script = `echo "it's $((1 + 1)) \\\\ \\"quoted\\""; cat; echo err >&2; exit 3\n`;
      const { stdout, stderr, code } = await machine.link.run(script, { input: 'secret\nlines' });
      assert.deepEqual({ stdout, stderr, code }, { stdout: `it's 2 \\ "quoted"\nsecret\nlines`, stderr: 'err\n', code: 3 });
    });

    it('runs a long script', async () => {
      const script = `: ${'x'.repeat(50_000)}\necho whole`;
      assert.equal((await machine.link.run(script)).stdout, 'whole\n');
    });

    it('shows no input in the arguments of any process', async () => {
      const { stdout } = await machine.link.run('cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "', { input: 'a-canary-word' });
      assert.ok(stdout.includes('dd bs=1') || stdout.includes('eval'), 'its own command line is not there');
      assert.ok(!stdout.includes('a-canary-word'));
    });

    it('feeds and reads a program piece by piece', async () => {
      const program = await machine.link.start('tr a-z A-Z');
      const reading = textOf(program.stdout);
      for (let at = 0; at < 200; at++) await program.write(Buffer.from('abcdefgh'.repeat(2000)));
      program.end();
      assert.equal(await reading, 'ABCDEFGH'.repeat(2000 * 200));
      assert.equal(await program.exit, 0);
    });

    it('has taken what it was fed, so that its memory can be used again', async () => {
      const program = await machine.link.start('exec sha256sum');
      const reading = textOf(program.stdout);
      const hash = createHash('sha256');
      const chunk = Buffer.alloc(200_000);
      for (let at = 0; at < 60; at++) {
        hash.update(chunk.fill(at));
        await program.write(chunk);
      }
      program.end();
      assert.equal((await reading).split(' ')[0], hash.digest('hex'));
    });

    it('hands on what a program says as it came, however long nobody reads it', async () => {
      const program = await machine.link.start('dd if=/dev/zero bs=65536 count=160 2>/dev/null');
      let bytes = 0;
      let longest = 0;
      for await (const part of program.stdout) {
        if (bytes === 0) await machine.link.run('exit 0'); // meanwhile more comes than may wait
        bytes += part.length;
        longest = Math.max(longest, part.length);
      }
      assert.equal(bytes, 160 * 65536);
      assert.ok(longest <= 65536, `${longest} bytes were joined`);
      assert.equal(await program.exit, 0);
    });

    it('ends a program that is given up', async () => {
      const stopping = new AbortController();
      const program = await machine.link.start('echo $$; while echo; do sleep 0.05; done', stopping.signal);
      const first = await program.stdout[Symbol.asyncIterator]().next();
      const [pid] = Buffer.from(first.value as Uint8Array).toString().split('\n');
      stopping.abort();
      assert.equal(await program.exit, null);
      await until(async () => (await machine.link.run(`kill -0 ${pid} 2>/dev/null || echo ended`)).stdout === 'ended\n', 'the program ending');
    });

    it('has terminals with a size', async () => {
      const terminal = await machine.link.terminal({ columns: 91, rows: 23 }, 'stty size; read x; stty size');
      let said = '';
      for await (const chunk of terminal.output) {
        said += Buffer.from(chunk).toString();
        if (said.includes('23 91') && !said.includes('30 100')) {
          terminal.resize({ columns: 100, rows: 30 });
          // The size comes on a way of its own, and before what is typed.
          terminal.write('\n');
        }
        if (said.split(/\d+ \d+/).length > 2) break;
      }
      assert.match(said, /23 91[\s\S]*\d+ \d+/);
      terminal.close();
    });

    it('goes beyond the sessions that a server allows on one connection', async () => {
      const programs = await Promise.all(Array.from({ length: 20 }, () => machine.link.start('echo here; cat')));
      const said = programs.map(({ stdout }) => textOf(stdout));
      for (const program of programs) program.end();
      assert.deepEqual(await Promise.all(said), programs.map(() => 'here\n'));
    });

    it('leads a port here to one there', async () => {
      const echo = createServer((socket) => void socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
      await once(echo, 'listening');
      const forward = await machine.link.forward((echo.address() as AddressInfo).port);
      const socket = connect(forward.localPort, '127.0.0.1');
      socket.write('there and back');
      const [back] = await once(socket, 'data') as [Buffer];
      assert.equal(back.toString(), 'there and back');
      forward.dispose();
      await once(socket.on('error', () => undefined), 'close');
      await assert.rejects(once(connect(forward.localPort, '127.0.0.1'), 'connect'));
      echo.close();
    });

    it('says that a local port is taken', async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      await assert.rejects(machine.link.forward(1, (taken.address() as AddressInfo).port), /EADDRINUSE/);
      taken.close();
    });

    it('comes back by itself while it is held, and says once that it was lost', async () => {
      const states: LinkState['kind'][] = [];
      await machine.link.run('true');
      const listening = machine.link.onDidChange(({ kind }) => void states.push(kind));
      const held = machine.link.hold();
      const running = machine.link.run('sleep 1000').catch((error: unknown) => error);
      await machine.stop();
      assert.ok((await running) instanceof Error, 'a command ended well on a machine that is gone');
      await until(() => machine.link.state.kind === 'lost', 'the loss');
      await rejectsWith(machine.link.run('true'), 'sshUnreachable');
      await machine.start();
      await until(() => machine.link.state.kind === 'connected', 'the return');
      assert.deepEqual(states, ['lost', 'connected']);
      held.dispose();
      listening.dispose();
      assert.equal((await machine.link.run('echo back')).stdout, 'back\n');
    });

    it('has nothing to say to a machine without an address', async () => {
      machine.move();
      await rejectsWith(machine.link.run('true'), 'sshUnreachable', /no address/);
      await machine.stop();
      await machine.start();
    });
  });
}

(hasSshd ? posix : describe.skip)('a server with less than the usual', () => {
  const temp = tempFolder();
  it('is asked for no more sessions than it opens', async () => {
    const machine = await linkedSshd(temp('machine'), ['MaxSessions 2']);
    try {
      const programs = await Promise.all(Array.from({ length: 6 }, () => machine.link.start('echo here; cat')));
      for (const program of programs) program.end();
      assert.deepEqual(await Promise.all(programs.map(({ stdout }) => textOf(stdout))), programs.map(() => 'here\n'));
    } finally {
      await machine.close();
    }
  });
});
