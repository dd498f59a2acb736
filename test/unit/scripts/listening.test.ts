import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { listeningScript, parseListening } from '../../../src/scripts/listening.ts';

const said = (...lines: string[]): string => ['Welcome to the machine', 'begin', 'table', ...lines, 'end'].map((line, at) => (at === 0 ? line : `gpu-rental:${line}`)).join('\n');

describe('what listens on a machine', () => {
  it('is read with its program and how far it is reached', () => {
    assert.deepEqual(parseListening(said('tcp 0100007F:22B8 77', 'tcp 00000000:1776 78', 'owner 77 12', 'program 12 jupyter-lab', 'command 12 python /usr/bin/jupyter-lab --no-browser ')), [
      { port: 6006, onlyLocal: false },
      { port: 8888, onlyLocal: true, program: 'jupyter-lab', command: 'python /usr/bin/jupyter-lab --no-browser' },
    ]);
  });

  it('takes the widest of several addresses, and leaves out what loopback does not reach', () => {
    const [zeros, mapped, own] = ['0'.repeat(32), '0000000000000000FFFF00000100007F', '0000000000000000FFFF0000020011AC'];
    assert.deepEqual(parseListening(said('tcp 0100007F:1F90 1', `tcp ${zeros}:1F90 2`, `tcp ${mapped}:1F91 3`, `tcp ${own}:1F92 4`, 'tcp 020011AC:1F93 5', 'tcp 00000000000000000000000001000000:1F94 6')), [
      { port: 8080, onlyLocal: false },
      { port: 8081, onlyLocal: true },
      { port: 8084, onlyLocal: true },
    ]);
  });

  it('is unknown, not nothing, when the machine cannot tell or was cut off', () => {
    assert.equal(parseListening(''), undefined);
    assert.equal(parseListening('gpu-rental:begin\ngpu-rental:end\n'), undefined);
    assert.equal(parseListening(said().replace('gpu-rental:end', '')), undefined);
    assert.deepEqual(parseListening(said()), []);
  });

  it('survives whatever is printed', () => {
    const words = fc.constantFrom('gpu-rental:tcp', 'gpu-rental:owner', 'gpu-rental:program', '0100007F:22B8', '77', '99999999999999999999', '\u001b[31m', '$(id)', 'gpu-rental:table', 'gpu-rental:end', '00000000:0000', '-1');
    fc.assert(fc.property(fc.array(fc.array(words).map((line) => line.join(' '))), (lines) => {
      for (const { port } of parseListening(lines.join('\n')) ?? []) assert.ok(Number.isInteger(port) && port > 0 && port < 65_536);
    }));
    const many = Array.from({ length: 2000 }, (_, at) => `tcp 00000000:${(at + 1).toString(16).padStart(4, '0').toUpperCase()} ${at}`);
    assert.equal(parseListening(said(...many))?.length, 500);
  });
});

describe('the script that asks for it', function () {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  for (const shell of ['dash', 'bash', 'busybox']) {
    it(`finds a listener and its program in ${shell}`, async function () {
      if (spawnSync(shell, shell === 'busybox' ? ['true'] : ['-c', 'true']).status !== 0) this.skip();
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      try {
        const child = spawn(shell, shell === 'busybox' ? ['sh', '-s'] : ['-s'], { stdio: ['pipe', 'pipe', 'inherit'] });
        child.stdin.end(listeningScript);
        let printed = '';
        child.stdout.on('data', (chunk: Buffer) => void (printed += chunk.toString()));
        assert.deepEqual(await once(child, 'close'), [0, null]);
        const found = parseListening(printed)?.find((one) => one.port === port);
        assert.ok(found !== undefined, printed);
        assert.equal(found.onlyLocal, true);
        assert.match(found.program ?? '', /node|Main|mocha/i);
        assert.ok((found.command?.length ?? 0) <= 200);
      } finally {
        server.close();
      }
    });
  }
});
