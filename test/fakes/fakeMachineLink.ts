/**
 * A machine that is a folder of this computer: its files are real files, its scripts are run by the real `sh`, and its
 * line goes and comes back as a test likes. Paths on it are absolute paths here.
 */
import { spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { createEmitter } from '../../src/domain/emitter.ts';
import { RentError } from '../../src/domain/errors.ts';
import type {
  Forward, LinkState, MachineLink, RemoteProcess, RemoteTerminal, RunOptions, RunResult, TerminalSize,
} from '../../src/domain/machineLink.ts';
import type { Disposable } from '../../src/domain/ports.ts';
import { folderFiles } from './folderFiles.ts';
import { FakeTerminal } from './fakeTerminal.ts';

export class FakeMachineLink implements MachineLink {
  readonly alias: string;
  /** What was asked, in order: `stat /a`, `run`, `terminal`, … */
  readonly asked: string[] = [];
  readonly scripts: string[] = [];
  readonly terminals: FakeTerminal[] = [];
  readonly env: NodeJS.ProcessEnv = { ...process.env };
  /** Answers instead of the real shell; undefined lets it run. */
  answer: ((script: string, options: RunOptions) => RunResult | Promise<RunResult> | undefined) | undefined;
  /** Runs before each call is answered, for tests that hold it up or make it fail. */
  before: ((call: string) => void | Promise<void>) | undefined;
  held = 0;
  readonly #changed = createEmitter<LinkState>();
  readonly onDidChange = this.#changed.event;
  readonly #cut = new Set<() => void>();
  #state: LinkState = { kind: 'connected' };
  readonly files = folderFiles((call) => this.#ask(call));

  constructor(alias = 'gpu-rental-abcdef-01') {
    this.alias = alias;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Programs that go on now. */
  get running(): number {
    return this.#cut.size;
  }

  /** The line goes: whatever is open on it ends, and nothing is answered until it is mended. */
  lose(reason = new RentError('sshUnreachable', { detail: 'the connection was lost' })): void {
    this.#become({ kind: 'lost', since: Date.now(), reason });
    for (const cut of [...this.#cut]) cut();
  }

  mend(): void {
    this.#become({ kind: 'connected' });
  }

  async run(script: string, options: RunOptions = {}): Promise<RunResult> {
    await this.#ask('run');
    this.scripts.push(script);
    const told = this.answer?.(script, options);
    if (told !== undefined) return told;
    const { signal, input = '', mostBytes = 8 * 1024 * 1024 } = options;
    const child = this.#spawn('sh', ['-c', script], signal);
    child.stdin.end(input);
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => void out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => void err.push(chunk));
    const code = await this.#ended(child, signal);
    const text = (chunks: Buffer[]): string => Buffer.concat(chunks).subarray(0, mostBytes).toString();
    return { stdout: text(out), stderr: text(err), code };
  }

  async start(command: string, signal?: AbortSignal): Promise<RemoteProcess> {
    await this.#ask('start');
    const child = this.#spawn('sh', ['-c', command], signal);
    const exit = this.#ended(child, signal);
    exit.catch(() => undefined);
    return {
      write: (chunk) => new Promise((resolve) => void child.stdin.write(chunk, () => resolve())),
      end: () => void child.stdin.end(),
      stdout: child.stdout,
      stderr: child.stderr,
      exit,
      kill: () => void child.kill('SIGHUP'),
    };
  }

  async terminal(size: TerminalSize, command?: string): Promise<RemoteTerminal> {
    await this.#ask('terminal');
    const terminal = new FakeTerminal(size, command);
    this.terminals.push(terminal);
    const cut = (): void => terminal.end(null);
    this.#cut.add(cut);
    void terminal.ended.then(() => this.#cut.delete(cut));
    return terminal;
  }

  async forward(remotePort: number, localPort = 0): Promise<Forward> {
    await this.#ask(`forward ${remotePort}`);
    const server = createServer((socket) => {
      const there = connect(remotePort, '127.0.0.1');
      socket.pipe(there).pipe(socket);
      socket.on('error', () => there.destroy());
      there.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(localPort, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { localPort: port, remotePort, dispose: () => void server.close() };
  }

  hold(): Disposable {
    this.held++;
    let released = false;
    return {
      dispose: () => {
        if (!released) this.held--;
        released = true;
      },
    };
  }

  async #ask(call: string): Promise<void> {
    this.asked.push(call);
    await this.before?.(call);
    if (this.#state.kind === 'lost') throw new RentError('sshUnreachable', { detail: `${this.alias} cannot be reached`, cause: this.#state.reason });
  }

  #spawn(file: string, args: readonly string[], signal: AbortSignal | undefined) {
    signal?.throwIfAborted();
    const child = spawn(file, args, { env: this.env, stdio: 'pipe', detached: true });
    child.stdin.on('error', () => undefined);
    return child;
  }

  #ended(child: ReturnType<typeof spawn>, signal: AbortSignal | undefined): Promise<number | null> {
    return new Promise((resolve, reject) => {
      const stop = (why: unknown) => () => {
        // Its group: what a script has started goes with it.
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
        reject(why);
      };
      const cut = stop(new RentError('sshUnreachable', { detail: 'the connection was lost' }));
      const aborted = (): void => stop(signal?.reason)();
      this.#cut.add(cut);
      signal?.addEventListener('abort', aborted, { once: true });
      child.once('error', reject);
      child.once('close', (code) => {
        this.#cut.delete(cut);
        signal?.removeEventListener('abort', aborted);
        resolve(code);
      });
    });
  }

  #become(state: LinkState): void {
    const before = this.#state.kind;
    this.#state = state;
    if (before !== state.kind) this.#changed.fire(state);
  }
}

export function fakeMachineLinks(): { of(alias: string): FakeMachineLink } {
  const links = new Map<string, FakeMachineLink>();
  return {
    of(alias) {
      const link = links.get(alias) ?? new FakeMachineLink(alias);
      links.set(alias, link);
      return link;
    },
  };
}
