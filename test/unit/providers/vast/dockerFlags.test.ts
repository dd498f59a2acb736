import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readDockerFlags } from '../../../../src/providers/vast/dockerFlags.ts';

describe('docker flags in a template', () => {
  it('are ports and variables, in every way in which they are written', () => {
    assert.deepEqual(readDockerFlags('-p 8080:18080 -p 22 --publish=70:71/tcp -e A=1 --env B=two -e "C=a b" -e D=\'x "y"\' -e E="k=v|l" -e F=a\\ b'), {
      ports: [18080, 22, 71],
      env: { A: '1', B: 'two', C: 'a b', D: 'x "y"', E: 'k=v|l', F: 'a b' },
    });
  });

  it('leave out what is none, and run nothing', () => {
    for (const line of ['', '-h host -n net', '-p', '-p x:y', '-p 0', '-p 70000:70000', '-p 53:53/udp', '-e', '-e =1', '-e 1A=2', '-e A-B=c', `-e A=${'x'.repeat(257)}`, '-e __proto__=1', '--volume /:/host']) {
      assert.deepEqual(readDockerFlags(line), { ports: [], env: {} }, line);
    }
    assert.deepEqual(readDockerFlags('-e A=$(reboot) -e B=`id`').env, { A: '$(reboot)', B: '`id`' }, 'text stays text');
  });

  it('give back what was quoted into them', () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,20}$/).filter((text) => text !== '__PROTO__');
    const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
    fc.assert(fc.property(fc.dictionary(name, fc.string({ maxLength: 60 }), { maxKeys: 6 }), fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 5 }), (env, ports) => {
      const line = [...ports.map((port) => `-p ${port}:${port}`), ...Object.entries(env).map(([key, value]) => `-e ${key}=${quote(value)}`)].join(' ');
      assert.deepEqual(readDockerFlags(line), { ports, env: { ...env } });
    }));
  });

  it('never break, whatever stands there, and are read quickly', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (line) => {
      const { ports, env } = readDockerFlags(line);
      assert.ok(ports.every((port) => port >= 1 && port <= 65_535));
      for (const [key, value] of Object.entries(env)) assert.ok(/^[A-Za-z_]\w*$/.test(key) && value.length <= 256);
    }), { numRuns: 2000 });
    const began = performance.now();
    for (const line of ['"'.repeat(20_000), '\\'.repeat(20_001), `-e A="${'\\'.repeat(20_000)}`, "'".repeat(20_001), 'a"b'.repeat(10_000)]) readDockerFlags(line);
    assert.ok(performance.now() - began < 2_000);
  });
});
