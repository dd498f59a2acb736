import assert from 'node:assert/strict';
import { parse, required, WrongCall } from '../../../src/headless/parse.ts';

const commands = ['offers', 'rent', 'stop'];

describe('headless arguments', () => {
  it('reads a full call', () => {
    const call = parse(['rent', 'vast:5', '--disk', '40', '--budget-usd', '2.5', '--lease-hours', '3', '--image', 'x:1', '--yes', '--json'], commands);
    assert.deepEqual(
      [call.command, call.id, call.diskGb, call.budgetUsd, call.leaseHours, call.image, call.yes, call.json],
      ['rent', 'vast:5', 40, 2.5, 3, 'x:1', true, true],
    );
  });

  it('leaves out what was not said', () => {
    const call = parse(['offers'], commands);
    assert.deepEqual([call.gpu, call.maxPrice, call.yes, call.json], [undefined, undefined, false, false]);
  });

  for (const wrong of [
    [], ['fly'], ['offers', '--what'], ['offers', '--max-price', 'cheap'], ['offers', '--max-price', ''], ['offers', '--min-reliability', '99'],
    ['offers', '--count', '0'], ['offers', '--provider', 'aws'], ['stop', 'vast:1', 'vast:2'], ['offers', '--gpu'],
  ]) {
    it(`refuses ${wrong.join(' ') || 'nothing'} in one line`, () => {
      assert.throws(() => parse(wrong, commands), (error) => error instanceof WrongCall && error.message !== '' && !error.message.includes('\n'));
    });
  }

  it('names what is missing', () => assert.throws(() => required(undefined, '--budget-usd'), /--budget-usd is missing/));
});
