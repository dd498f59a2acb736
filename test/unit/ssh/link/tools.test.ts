/** What is asked of a machine's ports and figures, over a real line to a practice pod and to OpenSSH. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../src/services/clock.ts';
import { Forwards } from '../../../../src/services/forwards.ts';
import { MachineWatch } from '../../../../src/services/machineWatch.ts';
import { listening } from '../../../../src/services/webTools.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { quickClock } from '../../../fakes/quickClock.ts';
import { alias, linkedPod, linkedSshd, type Linked } from '../support/linked.ts';
import { hasSshd } from '../support/sshd.ts';

const never = new AbortController().signal;

for (const [name, open] of [['a practice pod', linkedPod], ['OpenSSH', linkedSshd]] as const) {
  describe(`the tools on ${name}`, function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), 'tools '));
    let linked: Linked;
    before(async function () {
      if (process.platform !== 'linux' || (open === linkedSshd && !hasSshd)) return this.skip();
      linked = await open(folder);
    });
    after(async () => {
      await linked?.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const links = { of: () => linked.link };

    it('find what listens, and bring it here, also after the line was cut', async () => {
      const page = createServer((_, answer) => answer.end('a page')).listen(0, '127.0.0.1');
      await once(page, 'listening');
      const { port } = page.address() as AddressInfo;
      const forwards = new Forwards({ links, log: new FakeLog() });
      try {
        const found = (await listening(linked.link, never))?.find((one) => one.port === port);
        assert.equal(found?.onlyLocal, true);
        const { localPort } = await forwards.open(alias, port);
        const get = async (): Promise<string> => (await fetch(`http://127.0.0.1:${localPort}/`, { signal: AbortSignal.timeout(20_000) })).text();
        assert.equal(await get(), 'a page');
        await linked.stop();
        await assert.rejects(get());
        await linked.start();
        for (let text = ''; text !== 'a page'; text = await get().catch(() => '')) await systemClock.sleep(50);
      } finally {
        forwards.dispose();
        page.close();
      }
    });

    it('tell what it is doing until nobody looks, and again after the line was cut', async () => {
      const watch = new MachineWatch({ links, folders: [linked.home], clock: quickClock(10), log: new FakeLog() });
      const until = async (probe: () => boolean): Promise<void> => {
        while (!probe()) await new Promise<void>((resolve) => {
          const subscription = watch.onDidChange(() => {
            subscription.dispose();
            resolve();
          });
        });
      };
      const looking = watch.look(alias);
      await until(() => watch.of(alias).samples.length >= 3);
      const last = watch.of(alias).samples.at(-1);
      assert.ok((last?.memory?.totalBytes ?? 0) > 1e8 && (last?.cpu?.cores ?? 0) > 0 && last?.disk !== undefined);
      assert.equal(last?.gpuTrouble, open === linkedPod ? 'failed' : 'absent');
      await linked.stop();
      await until(() => watch.of(alias).trouble !== undefined);
      await linked.start();
      const known = watch.of(alias).samples.length;
      await until(() => watch.of(alias).samples.length > known);
      looking.dispose();
      watch.dispose();
    });
  });
}
