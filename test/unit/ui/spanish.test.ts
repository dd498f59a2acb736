/** One real second language, read where it matters most: before money is spent and when something is lost. */
import assert from 'node:assert/strict';
import { usd } from '../../../src/domain/money.ts';
import { rentConsent } from '../../../src/ui/rent/consent.ts';
import { destroyConsent, stopConsent } from '../../../src/ui/instances/confirmations.ts';
import { explain } from '../../../src/ui/messages.ts';
import { offerRow } from '../../../src/ui/offers/offerRow.ts';
import type { Voice } from '../../../src/ui/voice.ts';
import { age, duration } from '../../../src/ui/words.ts';
import { offer } from '../../fakes/offers.ts';
import { english } from './support/english.ts';
import { hourMs, machine, now, purse } from './support/machines.ts';
import { bundle } from './support/translatable.ts';

const texts = bundle('l10n/bundle.l10n.es.json');
const spanish: Voice = {
  ...english,
  t: (message, ...args) => {
    const text = texts[message];
    assert.ok(text !== undefined, `no Spanish for: ${message}`);
    return english.t(text, ...args);
  },
};
const figures = (text: string): string[] => [...text.matchAll(/\$?\d[\d.,:]*( GB| %|\/h)?/g)].map(([figure]) => figure.replace(/[.,:]$/, '')).toSorted();

describe('in Spanish', () => {
  const input = { offer: offer({ reliability: 0.999, details: { downUsdPerGb: 0.005, upUsdPerGb: 0.02 } }), limits: { budget: usd(5), leaseEndsAt: now + 2 * hourMs, idleMs: 1_800_000 }, selfStop: true, start: { image: 'usual/image:1', ports: [] }, purse: purse(), now, practice: true };

  it('a consent carries the very figures of the English one', () => {
    const [en, es] = [rentConsent(input, english), rentConsent(input, spanish)];
    assert.equal(es.title, '¿Alquilar 1× RTX 4090 por $0.33/h?');
    assert.deepEqual(figures(es.detail), figures(en.detail));
    assert.equal(es.detail.split('\n\n').length, en.detail.split('\n\n').length);
    assert.match(es.detail, /dinero real.*centro de datos: el dueño puede leer.*18:30 o al llegar a \$5\.00/s);
  });

  it('what is lost and what goes on costing is said as plainly', () => {
    for (const consent of [stopConsent, (one: ReturnType<typeof machine>, voice: Voice) => destroyConsent(one, true, voice)]) {
      assert.deepEqual(figures(consent(machine(), spanish).detail), figures(consent(machine(), english).detail));
    }
    assert.match(destroyConsent(machine(), true, spanish).detail, /se pierde para siempre/);
    assert.match(stopConsent(machine(), spanish).detail, /sigue costando \$0\.020\/h \(\$14\.60 al mes\)/);
  });

  it('lines and errors read like Spanish', () => {
    assert.equal(offerRow(offer({ kind: 'interruptible', stock: 'low' }), spanish).description, '99.5 % · Norway · Vast.ai · interrumpible · pocas disponibles');
    assert.equal(explain({ code: 'offerGone' }, 'vast', spanish).text, 'Alguien tomó esa oferta mientras preguntábamos.');
    assert.equal(age(20_000, spanish.t), 'hace 20 s');
    assert.equal(duration(100_000, spanish.t), '1 min 40 s');
  });
});
