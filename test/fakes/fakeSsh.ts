import type { MachineReport, ReachOptions, Ssh, SshHost } from '../../src/domain/ssh.ts';
import { RentError } from '../../src/domain/errors.ts';

export class FakeSsh implements Ssh {
  readonly hostFile = '/state/ssh/config';
  readonly hosts = new Map<string, SshHost>();
  readonly forgotten: string[] = [];
  fail: RentError | undefined;
  /** What the driver of every machine names. */
  gpus: readonly string[] = ['RTX 4090'];
  /** Runs while SSH is being waited for, for tests that cancel there. */
  onReach: (() => void) | undefined;

  publicKey(): Promise<string> {
    return Promise.resolve('ssh-ed25519 AAAA gpu-rental');
  }

  async reach(options: ReachOptions): Promise<MachineReport> {
    options.onStep('waitingForSsh');
    this.onReach?.();
    options.signal.throwIfAborted();
    if (this.fail) throw this.fail;
    const [endpoint] = await options.endpoints();
    if (!endpoint) throw new RentError('sshUnreachable');
    options.onStep('checkingHostKey');
    return { endpoint, folder: '/workspace', home: '/root', gpus: this.gpus, pinnedNow: true };
  }

  writeHost(host: SshHost): Promise<string> {
    this.hosts.set(host.alias, host);
    return Promise.resolve(this.hostFile);
  }

  removeHost(alias: string): Promise<void> {
    this.hosts.delete(alias);
    return Promise.resolve();
  }

  forgetHostKey(alias: string): Promise<void> {
    this.forgotten.push(alias);
    return Promise.resolve();
  }
}
