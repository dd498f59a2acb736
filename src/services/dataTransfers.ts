/**
 * Data between a machine and where it is kept: the machine itself copies, so nothing goes through this computer. A copy
 * runs for as long as the connection to the machine; begun again, it goes on with what is missing.
 */
import { TransferError, type Credentials, type DataPlace, type DataStore, type Direction, type TransferProgress, type TransferResult } from '../domain/dataStore.ts';
import { RentError } from '../domain/errors.ts';
import type { MachineLink, MachineLinks, RemoteProcess } from '../domain/machineLink.ts';
import type { Clock } from '../domain/ports.ts';
import { dataToolsScript, installHubScript, installProblem, installRcloneScript, parseDataTools, type DataTools, type InstallProblem } from '../scripts/dataTools.ts';
import { hubScript } from '../scripts/hub.ts';
import { rcloneScript } from '../scripts/rclone.ts';
import { TransferLog } from '../scripts/transferLog.ts';

export type { DataTools, InstallProblem };

export interface TransferOrder {
  readonly alias: string;
  readonly place: DataPlace;
  readonly credentials: Credentials;
  readonly direction: Direction;
  /** Absolute, on the machine. */
  readonly folder: string;
  /** Leaves out what changed within so many seconds; of a bucket only. */
  readonly stillSeconds?: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TransferProgress) => void;
}

export interface TransferWitness {
  readonly clock: Pick<Clock, 'elapsed'>;
  /** Told of everything that came to a machine to its end. */
  readonly fetched: (alias: string, bytes: number, ms: number) => void;
}

export class DataTransfers {
  readonly #machines: MachineLinks;
  readonly #witness: TransferWitness | undefined;

  constructor(machines: MachineLinks, witness?: TransferWitness) {
    this.#machines = machines;
    this.#witness = witness;
  }

  async tools(alias: string, folders: readonly string[], signal: AbortSignal): Promise<DataTools> {
    const { stdout } = await this.#machines.of(alias).run(dataToolsScript(folders), { signal, repeatable: true });
    const tools = parseDataTools(stdout);
    if (tools === undefined) throw new RentError('sshUnreachable', { detail: 'the machine did not say which tools it has' });
    return tools;
  }

  /** Needs no root, and touches nothing outside our own folder there. Undefined when it is there now. */
  async install(alias: string, store: DataStore, signal: AbortSignal): Promise<InstallProblem | undefined> {
    const script = store.kind === 'hub' ? installHubScript : installRcloneScript();
    return installProblem((await this.#machines.of(alias).run(script, { signal })).stdout);
  }

  /** Throws a `TransferError`, an `AbortError`, or `sshUnreachable` when the connection went. */
  async copy({ alias, place, credentials, direction, folder, stillSeconds, signal, onProgress }: TransferOrder): Promise<TransferResult> {
    const copying = { place, credentials, direction, folder, ...(stillSeconds === undefined ? {} : { stillSeconds }) };
    const script = place.store.kind === 'hub' ? hubScript(copying) : rcloneScript(copying);
    const log = new TransferLog();
    const begun = this.#witness?.clock.elapsed() ?? 0;
    await follow(this.#machines.of(alias), script, signal, (chunk) => {
      const progress = log.read(chunk);
      if (progress !== undefined) onProgress(progress);
    });
    const result = log.end(Object.values(credentials));
    // rclone finds nothing below a name that nothing begins with, and calls that done.
    if (direction === 'pull' && result.files + result.same === 0) throw new TransferError('notFound', 'nothing lies there');
    if (direction === 'pull') this.#witness?.fetched(alias, result.bytes, this.#witness.clock.elapsed() - begun);
    return result;
  }
}

async function follow(link: MachineLink, script: string, signal: AbortSignal, read: (chunk: Uint8Array) => void): Promise<void> {
  signal.throwIfAborted();
  // The shell is named and nothing more: what a command line holds, everybody on the machine can see.
  const program = await link.start('exec sh -s');
  const { promise: cancelled, reject } = Promise.withResolvers<never>();
  // The end of its input asks it to end, and it removes what is half written; nobody waits for that here.
  const cancel = (): void => {
    program.end();
    reject(signal.reason);
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    await Promise.race([cancelled, talk(program, script, read)]);
  } finally {
    signal.removeEventListener('abort', cancel);
    program.end();
  }
}

async function talk(program: RemoteProcess, script: string, read: (chunk: Uint8Array) => void): Promise<void> {
  await program.write(new TextEncoder().encode(script));
  const heard = drain(program.stderr);
  for await (const chunk of program.stdout) read(chunk);
  program.end();
  await Promise.all([heard, program.exit]);
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of stream);
}
