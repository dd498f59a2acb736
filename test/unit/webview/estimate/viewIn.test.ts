import assert from 'node:assert/strict';
import fc from 'fast-check';
import { panelView } from '../../../../src/ui/estimate/panelView.ts';
import { viewIn } from '../../../../src/webview/estimate/viewIn.ts';
import { state } from '../../ui/estimate/support/estimates.ts';
import { english } from '../../ui/support/english.ts';
import { view } from './support.ts';

describe('a message that reaches the page', () => {
  it('is the view that the extension sent, as it is after the way through the editor', () => {
    for (const one of [view(), panelView({ name: 'train.py', state: state(), chosen: undefined, filtered: false, offersLoading: false }, english), panelView({ name: 'a', state: state({ reading: undefined, estimates: undefined, at: undefined }), chosen: undefined, filtered: false, offersLoading: true }, english)]) {
      const sent = JSON.parse(JSON.stringify({ type: 'view', view: one })) as { view: unknown };
      assert.deepEqual(viewIn(sent), sent.view);
    }
  });

  it('or nothing', () => {
    const { offers: _, ...less } = view();
    for (const message of [undefined, null, 'view', [], { type: 'view' }, { type: 'view', view: null }, { type: 'view', view: [] }, { type: 'other', view: view() }, { type: 'view', view: less }, { type: 'view', view: { ...view(), offers: 'all' } }, { type: 'view', view: { ...view(), labels: undefined } }, { type: 'view', view: { ...view(), name: 7 } }]) {
      assert.equal(viewIn(message), undefined, JSON.stringify(message)?.slice(0, 60));
    }
    fc.assert(fc.property(fc.anything(), (message) => viewIn(message) === undefined));
  });
});
