import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { RentError, isRentError } from '../../../src/domain/errors.ts';
import { Forwards } from '../../../src/services/forwards.ts';
import { fakeMachineLinks } from '../../fakes/fakeMachineLink.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';

const alias = 'gpu-rental-abcdef-01';

async function listen(port = 0): Promise<Server & { readonly port: number }> {
  const server = createServer((socket) => socket.end('hello')).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
}

async function said(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => void (text += chunk.toString()));
  await once(socket, 'close');
  return text;
}

function bench() {
  const links = fakeMachineLinks();
  const forwards = new Forwards({ links, log: new FakeLog() });
  const changes: string[] = [];
  forwards.onDidChange((one) => changes.push(one));
  return { links, forwards, changes, link: links.of(alias) };
}

describe('forwarded ports', () => {
  it('lead to the machine until they are stopped', async () => {
    const { forwards, changes, link } = bench();
    const there = await listen();
    try {
      const port = await forwards.open(alias, there.port, 'JupyterLab');
      // Machine and computer are the same here, so that its own number is taken.
      assert.notEqual(port.localPort, there.port);
      assert.deepEqual(link.asked, [`forward ${there.port}`, `forward ${there.port}`]);
      assert.equal(await said(port.localPort), 'hello');
      assert.deepEqual(forwards.of(alias), [{ alias, remotePort: there.port, localPort: port.localPort, name: 'JupyterLab' }]);
      forwards.stop(alias, there.port);
      assert.deepEqual([forwards.all, changes], [[], [alias, alias]]);
      await assert.rejects(once(connect(port.localPort, '127.0.0.1'), 'connect'));
    } finally {
      there.close();
    }
  });

  it('have the same number here where that is free', async () => {
    const { forwards } = bench();
    const free = await listen();
    const { port } = free;
    free.close();
    await once(free, 'close');
    assert.equal((await forwards.open(alias, port)).localPort, port);
    forwards.dispose();
  });

  it('are opened once, however often they are asked for', async () => {
    const { forwards, link } = bench();
    const free = await listen();
    free.close();
    await once(free, 'close');
    const [first, second] = await Promise.all([forwards.open(alias, free.port), forwards.open(alias, free.port)]);
    assert.equal(first, second);
    assert.equal(await forwards.open(alias, free.port), first);
    assert.equal(link.asked.length, 1);
    forwards.dispose();
  });

  it('are not tried at another number when the machine is not there, and can be asked for again', async () => {
    const { forwards, link } = bench();
    link.lose();
    await assert.rejects(forwards.open(alias, 45_678), (error) => isRentError(error, 'sshUnreachable'));
    assert.equal(link.asked.length, 1);
    link.mend();
    await forwards.open(alias, 45_678);
    assert.equal(forwards.all.length, 1);
    forwards.dispose();
  });

  it('stay while the line is lost', async () => {
    const { forwards, link } = bench();
    await forwards.open(alias, 45_679);
    link.lose(new RentError('sshUnreachable'));
    assert.equal(forwards.of(alias).length, 1);
    forwards.dispose();
  });

  it('end with their machine, and no others', async () => {
    const { forwards } = bench();
    await forwards.open(alias, 45_680);
    await forwards.open('gpu-rental-abcdef-02', 45_681);
    forwards.keepOnly(new Set([alias]));
    assert.deepEqual(forwards.all.map(({ remotePort }) => remotePort), [45_680]);
    forwards.dispose();
  });

  it('that open after everything is over are closed at once', async () => {
    const { forwards } = bench();
    const opening = forwards.open(alias, 45_682);
    forwards.dispose();
    const { localPort } = await opening;
    assert.equal(forwards.all.length, 0);
    await assert.rejects(once(connect(localPort, '127.0.0.1'), 'connect'));
  });
});
