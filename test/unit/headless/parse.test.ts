import assert from 'node:assert/strict';
import { parse, required, WrongCall } from '../../../src/headless/parse.ts';

const commands = ['offers', 'rent', 'stop', 'estimate', 'sync', 'run', 'logs'];

describe('headless arguments', () => {
  it('reads a full call', () => {
    const call = parse(['rent', 'vast:5', '--disk', '40', '--budget-usd', '2.5', '--lease-hours', '3', '--idle-minutes', '45', '--at-limit', 'destroy', '--image', 'x:1', '--yes', '--json'], commands);
    assert.deepEqual(
      [call.command, call.id, call.diskGb, call.budgetUsd, call.leaseHours, call.idleMinutes, call.atLimit, call.image, call.yes, call.json],
      ['rent', 'vast:5', 40, 2.5, 3, 45, 'destroy', 'x:1', true, true],
    );
  });

  it('takes several files to estimate, and no id', () => {
    const call = parse(['estimate', 'train.py', 'config.yaml', '--gpu', 'RTX 4090', '--gpus', '2', '--json'], commands);
    assert.deepEqual([call.files, call.id, call.gpu, call.gpus, call.args], [['train.py', 'config.yaml'], undefined, 'RTX 4090', 2, undefined]);
  });

  it('takes a script\'s arguments as they would be typed, dashes and all', () => {
    for (const words of [['--args', '--epochs 3 --bf16'], ['--args=--epochs 3 --bf16']]) {
      const call = parse(['estimate', 'train.py', ...words, '--json'], commands);
      assert.deepEqual([call.args, call.files, call.json], ['--epochs 3 --bf16', ['train.py'], true]);
    }
  });

  it('takes a direction, an id and two folders to sync', () => {
    const call = parse(['sync', 'up', 'vast:1', './here', 'there', '--json'], commands);
    assert.deepEqual([call.command, call.id, call.more], ['sync', 'up', ['vast:1', './here', 'there']]);
    assert.throws(() => parse(['sync', 'up', 'vast:1', 'a', 'b', 'c'], commands), WrongCall);
  });

  it('keeps files for the command that takes them', () => assert.deepEqual(parse(['stop', 'vast:1'], commands).files, []));

  it('leaves the words of a command alone, and knows its own from them', () => {
    const read = (...words: string[]) => {
      const { id, more, afterwards, words: command, json } = parse(['run', 'vast:1', 'my folder', ...words], commands);
      return [id, more, afterwards, command, json];
    };
    assert.deepEqual(read('--then', 'destroy', '--json', '--', 'python3', 'x.py', '--yes', '--', '--json'), ['vast:1', ['my folder'], 'destroy', ['python3', 'x.py', '--yes', '--', '--json'], true]);
    assert.deepEqual(read('--', 'python3', 'x.py', '--json'), ['vast:1', ['my folder'], 'keep', ['python3', 'x.py'], true]);
    assert.deepEqual(read('--', '--json', 'x'), ['vast:1', ['my folder'], 'keep', ['--json', 'x'], false]);
    assert.deepEqual(parse(['logs', 'vast:1', 'r0abc-12345'], commands).more, ['r0abc-12345']);
  });

  it('leaves out what was not said', () => {
    const call = parse(['offers'], commands);
    assert.deepEqual([call.gpu, call.maxPrice, call.yes, call.json, call.csv], [undefined, undefined, false, false, false]);
    assert.equal(parse(['offers', '--csv'], commands).csv, true);
  });

  for (const wrong of [
    [], ['fly'], ['offers', '--what'], ['offers', '--max-price', 'cheap'], ['offers', '--max-price', ''], ['offers', '--min-reliability', '99'],
    ['offers', '--count', '0'], ['offers', '--provider', 'aws'], ['stop', 'vast:1', 'vast:2'], ['offers', '--gpu'],
    ['rent', 'vast:5', '--idle-minutes', '-1'], ['rent', 'vast:5', '--at-limit', 'explode'], ['estimate', 'a.py', '--gpus', '0'], ['estimate', 'a.py', '--gpus', '1.5'], ['estimate', 'a.py', '--gpus', 'two'], ['estimate', 'a.py', '--args'],
    ['run', 'vast:1', 'a', 'b', '--', 'x'], ['run', 'vast:1', 'a', '--then', 'explode', '--', 'x'], ['logs', 'vast:1', 'r', '--', 'x'], ['stop', 'vast:1', '--', 'x'],
  ]) {
    it(`refuses ${wrong.join(' ') || 'nothing'} in one line`, () => {
      assert.throws(() => parse(wrong, commands), (error) => error instanceof WrongCall && error.message !== '' && !error.message.includes('\n'));
    });
  }

  it('names what is missing', () => assert.throws(() => required(undefined, '--budget-usd'), /--budget-usd is missing/));
});
