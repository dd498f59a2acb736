import assert from 'node:assert/strict';
import { createLogBook } from '../../../src/practice/logBook.ts';

describe('a log book', () => {
  it('numbers its lines and shows those after a number', () => {
    const book = createLogBook();
    book.append('system', 'pull', 1);
    book.append('container', 'hello', 2);
    assert.deepEqual(
      book.lines().map(({ sequence, source, text }) => [sequence, source, text]),
      [
        [1, 'system', 'pull'],
        [2, 'container', 'hello'],
      ],
    );
    assert.deepEqual(
      book.lines(1).map(({ text }) => text),
      ['hello'],
    );
  });

  it('keeps the newest lines only', () => {
    const book = createLogBook();
    for (let line = 0; line < 6000; line += 1) book.append('container', String(line), line);
    assert.equal(book.lines().length, 5000);
    assert.equal(book.lines()[0]?.text, '1000');
  });

  it('tells listeners until they leave', () => {
    const book = createLogBook();
    const heard: string[] = [];
    const leave = book.subscribe(({ text }) => heard.push(text));
    book.append('system', 'one', 1);
    leave();
    book.append('system', 'two', 2);
    assert.deepEqual(heard, ['one']);
  });
});
