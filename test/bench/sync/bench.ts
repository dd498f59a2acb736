/** One machine, one link to it, and a place for each try that is empty before and the same as its origin afterwards. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MachineLink } from '../../../src/domain/machineLink.ts';
import { linkedSshd, type Linked } from '../../unit/ssh/support/linked.ts';
import { type Cuttable, cuttable } from '../../unit/ssh/sync/support/cuttable.ts';

export const runProgram = promisify(execFile);

export class Bench implements AsyncDisposable {
  readonly cipher = 'aes128-gcm@openssh.com';
  readonly signal = new AbortController().signal;
  readonly folder: string;
  /** Straight to the server. */
  readonly link: MachineLink;
  readonly port: number;
  readonly #machine: Linked;
  readonly #behindDoor: Linked;
  readonly door: Cuttable;
  #tries = 0;

  private constructor(folder: string, machine: Linked, behindDoor: Linked, door: Cuttable) {
    this.folder = folder;
    this.link = machine.link;
    this.port = machine.endpoint().port;
    this.#machine = machine;
    this.#behindDoor = behindDoor;
    this.door = door;
  }

  static async open(folder: string): Promise<Bench> {
    const machine = await linkedSshd(join(folder, 'machine'));
    await machine.link.run('exit 0'); // so that nobody's time holds the handshake
    const behindDoor = await linkedSshd(join(folder, 'other'));
    return new Bench(folder, machine, behindDoor, await cuttable(behindDoor));
  }

  get keyFile(): string {
    return join(this.folder, 'machine', 'ssh', 'id_ed25519');
  }

  /** Seconds. What came is compared with where it came from, outside of the time. */
  async timed(from: string, work: (from: string, to: string) => Promise<unknown>): Promise<number> {
    const to = join(this.folder, `try ${++this.#tries}`);
    const began = performance.now();
    await work(from, to);
    const seconds = (performance.now() - began) / 1000;
    await runProgram('diff', ['-rq', from, to]);
    rmSync(to, { recursive: true });
    return seconds;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.door.close();
    await this.#machine.close();
    await this.#behindDoor.close().catch(() => undefined);
  }
}
