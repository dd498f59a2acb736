import assert from 'node:assert/strict';
import { factsForm } from '../../../../src/webview/estimate/factsForm.ts';
import { firstState, withOpen } from '../../../../src/webview/estimate/localState.ts';
import { attribute, fact, tags, view } from './support.ts';

const form = (change: Parameters<typeof view>[0], state = firstState, wide = true): string => factsForm(view(change), state, wide).text;

describe('the form of facts', () => {
  it('puts questions on top, each with its label and likely answers', () => {
    const text = form({ questions: [{ name: 'seqLen', label: 'How long?', control: { kind: 'number', value: '', least: 1, whole: true }, suggestions: [{ value: '512', label: '512' }] }] });
    assert.ok(text.indexOf('How long?') < text.indexOf('Epochs'));
    assert.equal(attribute(tags(text, 'label')[0] ?? '', 'for'), 'question-seqLen');
    const [input = ''] = tags(text, 'input');
    assert.deepEqual(['id', 'data-set', 'min', 'step', 'inputmode'].map((name) => attribute(input, name)), ['question-seqLen', 'seqLen', '1', '1', 'numeric']);
    const answer = tags(text, 'button').find((tag) => tag.includes('data-answer')) ?? '';
    assert.deepEqual(['data-answer', 'data-value', 'aria-label'].map((name) => attribute(answer, name)), ['seqLen', '512', 'How long?: 512']);
  });

  it('links a fact to its place by an id, and lets the path be read', () => {
    const [link = ''] = tags(form({}), 'button');
    assert.deepEqual(['data-reveal', 'title'].map((name) => attribute(link, name)), ['p15', 'train.py:15']);
  });

  it('lets what a person said be taken back, in place of the link', () => {
    const text = form({ facts: [fact({ said: true })] });
    assert.deepEqual(tags(text, 'button').map((tag) => [attribute(tag, 'data-unset'), attribute(tag, 'aria-label')]), [['epochs', 'Take back: Epochs']]);
    assert.ok(!text.includes('data-reveal'));
  });

  it('says why something was refused, tied to its field', () => {
    const text = form({ facts: [fact({ refused: 'That cannot be.' })] });
    const [input = ''] = tags(text, 'input');
    assert.equal(attribute(input, 'aria-invalid'), 'true');
    assert.match(text, new RegExp(`id="${attribute(input, 'aria-describedby')}"[^>]*><span class="refused" role="alert">That cannot be\\.`));
    assert.ok(!form({}).includes('aria-invalid'));
  });

  it('draws every kind of control with its value', () => {
    const choice = form({ facts: [fact({ control: { kind: 'choice', value: 'bf16', options: [{ value: 'fp32', label: 'fp32' }, { value: 'bf16', label: 'bf16' }] } })] });
    assert.deepEqual(tags(choice, 'option'), ['<option value="fp32">', '<option value="bf16" selected>']);
    const unknown = form({ facts: [fact({ control: { kind: 'choice', value: '', options: [{ value: 'a', label: 'a' }] } })] });
    assert.deepEqual(tags(unknown, 'option').map((tag) => attribute(tag, 'value')), ['', 'a'], 'not knowing is a choice as well');
    assert.match(form({ facts: [fact({ control: { kind: 'switch', value: true } })] }), /<option value="true" selected>yes/);
    assert.equal(attribute(tags(form({ facts: [fact({ control: { kind: 'text', value: 'Qwen' } })] }), 'input')[0] ?? '', 'value'), 'Qwen');
  });

  it('keeps the rest folded until it is opened', () => {
    const unread = [fact({ name: 'frames', label: 'Frames per clip' })];
    assert.deepEqual(tags(form({ unread }), 'details'), ['<details data-fold="facts" open>', '<details data-fold="unread">']);
    assert.deepEqual(tags(form({ unread }, withOpen(firstState, 'unread', true)), 'details').at(-1), '<details data-fold="unread" open>');
    assert.equal(tags(form({ facts: [] }), 'details').length, 0);
  });

  it('folds what was read where there is one column, unless somebody opened it', () => {
    const fold = (...args: Parameters<typeof form>): string | undefined => tags(form(...args), 'details')[0];
    assert.equal(fold({}, firstState, false), '<details data-fold="facts">');
    assert.equal(fold({}, withOpen(firstState, 'facts', true), false), '<details data-fold="facts" open>');
    assert.equal(fold({}, withOpen(firstState, 'facts', false), true), '<details data-fold="facts">');
  });

  it('gives every field an id of its own and a label', () => {
    const text = form({ facts: [fact(), fact({ name: 'steps', label: 'Steps' })], unread: [fact({ name: 'gpus' })], questions: [{ name: 'model', label: 'Model?', control: { kind: 'text', value: '' }, suggestions: [] }] });
    const fields = [...tags(text, 'input'), ...tags(text, 'select')].map((tag) => attribute(tag, 'id'));
    assert.equal(fields.length, 4);
    assert.deepEqual(new Set(tags(text, 'label').map((tag) => attribute(tag, 'for'))), new Set(fields));
    const ids = [...text.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
  });
});
