import assert from 'node:assert/strict';
import fc from 'fast-check';
import { purchaseForm, purchaseNames, type Typed } from '../../../../src/ui/guide/purchaseForm.ts';
import { english } from '../support/english.ts';

const form = (typed: Typed = {}) => purchaseForm(typed, english.t);
const figures = (typed: Typed = {}): string[] => form(typed).results.map(({ figure }) => figure);

describe('the form of buying', () => {
  it('begins with the case of the articles', () => {
    assert.deepEqual(form().fields.map(({ name, value }) => [name, value]), [['card', '1800'], ['rest', '0'], ['resale', '0'], ['kw', '0.45'], ['tariff', '0.15'], ['rent', '0.6'], ['hours', '40']]);
    assert.deepEqual(figures(), ['3,380 h', '$0.068/h', '$1251.43', '$1940.79']);
    assert.equal(form().results[0]?.about, '85 weeks of 40 h');
  });

  it('reckons with what is typed, with a point or a comma', () => {
    assert.equal(figures({ tariff: '0' })[0], '3,000 h');
    assert.equal(figures({ resale: '900' })[0], '1,690 h');
    assert.equal(figures({ rent: '0,69' })[0], figures({ rent: '.69' })[0]);
    assert.equal(figures({ rent: '0.69' })[0], '2,892 h');
    assert.equal(figures({ card: ' 3600 ' })[0], '6,761 h');
  });

  it('says when buying never pays, and when nothing is done with it', () => {
    assert.deepEqual(form({ rent: '0.05' }).results[0], { label: 'Buying pays after', figure: 'never', about: 'Power costs as much as the rent.' });
    assert.equal(form({ hours: '0' }).results[0]?.about, 'It is never used.');
  });

  it('keeps what is no figure where it stands, says why, and has no result', () => {
    for (const text of ['much', '', '-1', '1e3', '1.2.3', '0x10', 'Infinity', '99999999']) {
      const { fields, results } = form({ card: text });
      const [card, ...others] = fields;
      assert.deepEqual([card?.value, card?.refused, results], [text, 'A number from 0 to 1,000,000 is needed.', []]);
      assert.ok(others.every(({ refused }) => refused === undefined));
    }
    assert.equal(form({ hours: '169' }).fields.at(-1)?.refused, 'A number from 0 to 168 is needed.');
  });

  it('never shows anything but figures, whatever is typed', () => {
    fc.assert(fc.property(fc.constantFrom(...purchaseNames), fc.oneof(fc.string(), fc.double().map(String), fc.nat(1000).map(String)), (name, text) => {
      for (const { figure, about = '' } of form({ [name]: text }).results) assert.doesNotMatch(`${figure} ${about}`, /NaN|Infinity|undefined|e\+/);
    }));
  });
});
