import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escape, html } from '../../../../src/webview/shared/html.ts';
import { firstState } from '../../../../src/webview/estimate/localState.ts';
import type { PanelView } from '../../../../src/webview/estimate/messages.ts';
import { parts } from '../../../../src/webview/estimate/page.ts';
import { fact, row, view } from './support.ts';

const attack = `"'><img src=x onerror=alert(1)><script>x</script>\`&lt;`;

/** The view with a stranger's text in every string that is shown. */
function poisoned(text: string): PanelView {
  const place = { id: text, text, title: text };
  const control = { kind: 'text', value: text } as const;
  const band = { likely: text, range: text, low: 1, mid: 2, high: 3 };
  const parts = [{ label: text, text }];
  return view({
    name: text, read: text, headline: text, notice: text, said: text, busy: true,
    questions: [{ name: 'model', label: text, control, suggestions: [{ value: text, label: text }], refused: text }],
    facts: [fact({ label: text, control, origin: text, note: text, place }), fact({ name: 'x', control: { kind: 'choice', value: text, options: [{ value: text, label: text }] }, refused: text, said: true })],
    unread: [fact({ name: 'y', control: { kind: 'choice', value: '', options: [{ value: text, label: text }] } })],
    picks: [{ label: text, offer: text, machine: text, text, why: text }],
    chosen: { offer: text, machine: text, about: text, why: text, warning: text, usd: band, hours: band, sentence: text, interruption: text, parts, memory: { text, verdict: text, remedy: text, low: 0.1, likely: 0.2, high: 0.3, parts } },
    offers: [row(text, 1, 1, { machine: text, about: text, cost: text, costRange: text, time: text, rate: text, risk: text, front: true }), row(`${text}2`, 2, 2, { front: true })],
    count: text, elsewhere: [{ name: text, cost: text, time: text, about: text }], elsewhereNote: text, assumptions: [text], gaps: [{ text, place }],
  });
}

const drawn = (of: PanelView): string => [...parts(of, firstState, { plotWidth: 400, wide: true }).values()].join('');
/** What a browser would make of it: elements and names of attributes, in order. */
const shape = (text: string): string[] => [...text.matchAll(/<\/?([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/g)]
  .map(([, name = '', attributes = '']) => [name, ...[...attributes.matchAll(/\s+([a-z-]+)(?:="[^"]*")?/g)].map(([, attribute]) => attribute)].join(' '));

describe('html', () => {
  it('shows what is filled in as text', () => {
    assert.equal(html`<b title="${'"x"'}">${'<i>&'}</b>`.text, '<b title="&quot;x&quot;">&lt;i&gt;&amp;</b>');
    assert.equal(html`${html`<i>${1}</i>`}${[html`<u></u>`, '<']}${undefined}${false}`.text, '<i>1</i><u></u>&lt;');
  });

  it('leaves nothing that could end a text or an attribute, whatever comes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"'`]/.test(escape(text)) && !/&(?!(?:amp|lt|gt|quot|#39|#96);)/.test(escape(text))));
  });

  it('makes hidden marks visible', () => {
    assert.equal(escape('a\u202Eb\u0000c\nd'), 'a□b□c d');
  });
});

describe('the page', () => {
  it('has the same elements and attributes whoever wrote the texts', () => {
    const [calm, hostile] = [drawn(poisoned('calm')), drawn(poisoned(attack))];
    assert.deepEqual(shape(hostile), shape(calm));
    assert.ok(!hostile.includes('<img') && !hostile.includes('<script'));
    assert.ok(hostile.includes('&lt;img src=x onerror=alert(1)&gt;'), 'it is shown as text');
  });

  it('holds no handler and no style of its own, which the policy of the page refuses', () => {
    const names = new Set(shape(drawn(poisoned('calm'))).flatMap((tag) => tag.split(' ').slice(1)));
    assert.ok(names.size > 20);
    for (const name of names) assert.doesNotMatch(name, /^on|^style$|^src$|^href$/);
  });

  it('has the same elements for any text at all', () => {
    const expected = shape(drawn(poisoned('calm')));
    fc.assert(fc.property(fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''), (text) => assert.deepEqual(shape(drawn(poisoned(text))), expected)), { numRuns: 40 });
  });
});
