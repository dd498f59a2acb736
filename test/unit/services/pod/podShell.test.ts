import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { PodShell, type PodShellParts } from '../../../../src/services/pod/podShell.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { FakeMachineLink } from '../../../fakes/fakeMachineLink.ts';
import type { FakeTerminal } from '../../../fakes/fakeTerminal.ts';
import { until } from '../../practice/pod/support/pod.ts';

const words = { lost: 'LOST', bare: 'BARE', waiting: 'WAITING', ended: 'ENDED', failed: (error: unknown) => `FAILED ${String(error)}` };

function bench(change: Partial<PodShellParts> = {}) {
  const link = new FakeMachineLink();
  const seen = { text: '', ends: [] as (number | undefined)[] };
  const shell = new PodShell({
    link, clock: new FakeClock(), keeper: 'tmux', name: 's-1', folder: '/workspace', entry: 'new', words,
    write: (text) => void (seen.text += text), onEnd: (code) => void seen.ends.push(code), ...change,
  }, { columns: 80, rows: 24 });
  const running = shell.start();
  const terminal = async (number = 1): Promise<FakeTerminal> => {
    await until(`terminal ${number}`, () => link.terminals.length >= number);
    return link.terminals[number - 1] ?? assert.fail();
  };
  const shows = (text: string): Promise<void> => until(`it shows ${text}`, () => seen.text.includes(text));
  return { link, shell, seen, running, terminal, shows };
}

describe('a shell', () => {
  it('passes on what is said and typed, and its size', async () => {
    const { shell, terminal, shows, link } = bench();
    const there = await terminal();
    there.say('ready> ');
    await shows('ready> ');
    shell.input('ls\r');
    shell.resize({ columns: 120, rows: 40 });
    assert.deepEqual([there.typed, there.sizes], [['ls\r'], [{ columns: 80, rows: 24 }, { columns: 120, rows: 40 }]]);
    assert.equal(link.held, 1);
    shell.dispose();
    assert.deepEqual([there.closed, link.held], [true, 0]);
  });

  it('puts together characters that arrive in pieces', async () => {
    const { terminal, shows, seen, shell } = bench();
    const there = await terminal();
    for (const byte of Buffer.from('naïve 日本 🚀.')) there.say(Uint8Array.of(byte));
    await shows('.');
    assert.equal(seen.text, 'naïve 日本 🚀.');
    shell.dispose();
  });

  it('ends with its program', async () => {
    const { terminal, seen, running, link } = bench();
    (await terminal()).end(3);
    await running;
    assert.deepEqual([seen.ends, link.held], [[3], 0]);
  });

  it('waits for a line that went, says so once, and goes on where it was', async () => {
    const { link, terminal, shows, seen, shell } = bench();
    const first = await terminal();
    link.lose();
    await shows('WAITING');
    shell.resize({ columns: 100, rows: 30 });
    shell.input('x');
    await until('a key tried', () => link.asked.length === 2);
    link.mend();
    const second = await terminal(2);
    second.say('still here');
    await shows('still here');
    assert.equal(seen.text.match(/WAITING/g)?.length, 1);
    assert.deepEqual([second.sizes, second.typed], [[{ columns: 100, rows: 30 }], []]);
    assert.notEqual(first.command, second.command);
    assert.match(second.command ?? '', /LOST/);
    link.lose();
    await until('it waits again', () => seen.text.match(/WAITING/g)?.length === 2);
    shell.dispose();
    assert.deepEqual(seen.ends, []);
  });

  it('says of a shell that nothing keeps that it has ended', async () => {
    const { link, terminal, shows, shell } = bench({ keeper: 'none' });
    assert.match((await terminal()).command ?? '', /BARE/);
    link.lose();
    await shows('ENDED');
    link.mend();
    await terminal(2);
    shell.dispose();
  });

  it('is opened again after a signal, though the line stands', async () => {
    const { terminal, shell } = bench();
    (await terminal()).end(null);
    await terminal(2);
    shell.dispose();
  });

  it('opens when the line comes, though there was none at first', async () => {
    const link = new FakeMachineLink();
    link.lose();
    const { shows, shell } = bench({ link });
    await shows('WAITING');
    link.mend();
    await until('it is open', () => link.terminals.length === 1);
    shell.dispose();
  });

  it('ends where waiting mends nothing', async () => {
    const link = new FakeMachineLink();
    link.before = () => Promise.reject(new RentError('hostKeyChanged', { detail: 'another key' }));
    const { seen, running } = bench({ link });
    await running;
    assert.deepEqual(seen.ends, [1]);
    assert.match(seen.text, /FAILED .*another key/);
    assert.equal(link.held, 0);
  });

  it('that is closed while it opens or waits is left alone', async () => {
    const opening = bench();
    opening.shell.dispose();
    await opening.running;
    const waiting = bench();
    await waiting.terminal();
    waiting.link.lose();
    await waiting.shows('WAITING');
    waiting.shell.dispose();
    await waiting.running;
    assert.deepEqual([opening.seen.ends, waiting.seen.ends], [[], []]);
    assert.deepEqual([opening.link.held, waiting.link.held], [0, 0]);
    assert.ok(opening.link.terminals.every(({ closed }) => closed));
  });
});
