/** Run as a process of its own: what another window of the editor does at the same moment. */
import { setegid, seteuid } from 'node:process';
import { createSsh } from '../../../../src/ssh/ssh.ts';
import { connectUserConfig } from '../../../../src/ssh/include.ts';
import { isRentError } from '../../../../src/domain/errors.ts';
import { createTestClock } from './testClock.ts';
import { noLog } from './tools.ts';

const [task, folder = '', ...rest] = process.argv.slice(2);
const ssh = createSsh({ folder, clock: createTestClock(), log: noLog });

switch (task) {
  case 'publicKey':
    process.stdout.write(await ssh.publicKey());
    break;
  case 'writeHosts':
    for (const alias of rest)
      await ssh.writeHost({ alias, endpoint: { host: '192.0.2.7', port: 22, user: 'root', viaProxy: false } });
    break;
  case 'include':
    for (const userConfig of rest) process.stdout.write(await connectUserConfig({ userConfig, hostFile: ssh.hostFile }));
    break;
  case 'includeAsNobody':
    // Root may write anywhere; only somebody else can meet a folder closed to them.
    setegid?.(65_534);
    seteuid?.(65_534);
    try {
      process.stdout.write(await connectUserConfig({ userConfig: rest[0] ?? '', hostFile: ssh.hostFile }));
    } catch (error) {
      if (!isRentError(error)) throw error;
      process.stdout.write(`${error.code} ${error.detail}`);
    }
    break;
  default:
    throw new Error(`no such task: ${task}`);
}
