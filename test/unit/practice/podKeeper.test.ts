import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createPodKeeper } from '../../../src/practice/podKeeper.ts';
import { fakePods } from './fakePods.ts';

describe('keeping a pod in step', () => {
  const make = () => {
    const pods = fakePods();
    const heard: (number | null)[] = [];
    const troubles: string[] = [];
    const keeper = createPodKeeper({
      maker: pods,
      plan: { env: () => ({}), authorizedKeys: () => [], onSsh: (port) => heard.push(port) },
      dir: '/nowhere',
      gpus: () => [],
      log: () => {},
      trouble: (text) => troubles.push(text),
    });
    return { pods, keeper, heard, troubles };
  };

  it('leaves nothing open, in whatever order it is told to open, boot and go down', async () => {
    const command = fc.constantFrom('open', 'boot', 'down', 'pause');
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
        const { pods, keeper, heard, troubles } = make();
        for (const name of commands) {
          if (name === 'open' && keeper.sshPort === null) keeper.open();
          if (name === 'boot') keeper.boot();
          if (name === 'down') keeper.down('stop');
          if (name === 'pause') await keeper.settled();
        }
        keeper.down('stop');
        assert.equal(keeper.sshPort, null);
        assert.equal(keeper.sshUp, false);
        await keeper.settled();
        assert.equal(keeper.sshPort, null);
        assert.equal(pods.up.size, 0);
        assert.equal(heard.at(-1) ?? null, null);
        assert.deepEqual(troubles, []);
      }),
      { numRuns: 200 },
    );
  });

  it('tells which port sshd listens on, and that it is gone', async () => {
    const { pods, keeper, heard } = make();
    keeper.open();
    keeper.boot();
    await keeper.settled();
    assert.deepEqual(heard, [...pods.up]);
    await keeper.remove();
    assert.equal(heard.at(-1), null);
    assert.deepEqual(pods.removed, ['/nowhere']);
  });

  it('reports a machine that cannot be started, and goes on', async () => {
    const troubles: string[] = [];
    let broken = true;
    const pods = fakePods();
    const keeper = createPodKeeper({
      maker: { ...pods, startPod: (options) => (broken ? Promise.reject(new Error('no sshd')) : pods.startPod(options)) },
      plan: { env: () => ({}), authorizedKeys: () => [] },
      dir: '/nowhere',
      gpus: () => [],
      log: () => {},
      trouble: (text) => troubles.push(text),
    });
    keeper.open();
    keeper.boot();
    await keeper.settled();
    assert.deepEqual([troubles, keeper.sshUp], [['no sshd'], false]);
    broken = false;
    keeper.boot();
    await keeper.settled();
    assert.equal(keeper.sshUp, true);
    await keeper.remove();
  });
});
