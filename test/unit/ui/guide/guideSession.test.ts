import assert from 'node:assert/strict';
import type { Refreshed } from '../../../../src/services/cloudPrices.ts';
import { RentError } from '../../../../src/domain/errors.ts';
import { listPrices } from '../../../../src/estimate/catalogue/prices.ts';
import { fromGuide } from '../../../../src/ui/guide/fromGuide.ts';
import { GuideSession } from '../../../../src/ui/guide/guideSession.ts';
import { refreshWords } from '../../../../src/ui/guide/refreshWords.ts';
import type { GuidePage } from '../../../../src/webview/guide/messages.ts';
import { english } from '../support/english.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';

const good: readonly Refreshed[] = [{ cloud: 'aws', read: 87, refused: 0, missing: 0 }, { cloud: 'azure', read: 45, refused: 2, missing: 1 }, { cloud: 'gcp', read: 54, refused: 0, missing: 0 }];

function bench(refresh: () => Promise<readonly Refreshed[]> = async () => good) {
  const dialogs = new ScriptedDialogs();
  const ran: string[] = [];
  const seen: GuidePage[] = [];
  const prices = { prices: listPrices, load: async () => undefined, refresh };
  const session = new GuideSession({
    elsewhere: { prices: async () => prices as never }, offers: () => [], dialogs, voice: english,
    run: async (command) => void ran.push(command),
    report: (error) => {
      throw error;
    },
  });
  session.onDidChange(() => seen.push(session.view(prices)));
  return { session, dialogs, ran, seen, view: () => session.view(prices) };
}

describe('the guide while it is open', () => {
  it('shows what was chosen and typed', () => {
    const { session, view } = bench();
    session.hear({ type: 'set', name: 'gpu', value: 'A100|80' });
    session.hear({ type: 'set', name: 'card', value: '3600' });
    assert.equal(view().choices[0]?.chosen, 'A100|80');
    assert.equal(view().fields[0]?.value, '3600');
    assert.equal(view().results[0]?.figure, '6,761 h');
    assert.match(view().work.find(({ where }) => where === 'AWS')?.machine ?? '', /p4de/);
  });

  it('takes nothing from the page but what it may say', () => {
    const { session, view, ran } = bench();
    const before = JSON.stringify(view());
    for (const message of [undefined, 'refresh', { type: 'set' }, { type: 'set', name: 'gpu', value: 5 }, { type: 'set', name: 'url', value: 'https://x' }, { type: 'set', name: 'card', value: '1'.repeat(61) }, { type: 'rent' }, { type: 'ready' }]) session.hear(message);
    assert.equal(JSON.stringify(view()), before);
    assert.deepEqual(ran, []);
    assert.deepEqual(fromGuide({ type: 'key', command: 'x', url: 'y' }), { type: 'key' });
  });

  it('has its two buttons do what the commands do', () => {
    const { session, ran } = bench();
    session.hear({ type: 'refresh' });
    session.hear({ type: 'key' });
    assert.deepEqual(ran, ['gpuRental.guide.refreshPrices', 'gpuRental.gpuflow.connect']);
  });

  it('says that price lists are read, and how that ended', async () => {
    const { session, seen, dialogs, view } = bench();
    await session.refresh(true);
    assert.deepEqual(seen.map(({ busy, reading }) => [busy, reading.length]), [[true, 1], [false, 3]]);
    assert.deepEqual(view().reading, [
      'AWS: 87 prices were read.',
      'Azure: 45 prices were read. 2 were refused, because they moved too far or are in another unit. 1 machine is not in it any more; its last price stays.',
      'Google Cloud: 54 prices were read.',
    ]);
    assert.deepEqual(dialogs.notes, [], 'whoever sees the page needs no note');
  });

  it('tells it by a note where nobody sees the page', async () => {
    const { session, dialogs } = bench(async () => [{ cloud: 'aws', error: new RentError('network') }]);
    await session.refresh(false);
    assert.deepEqual(dialogs.notes.map(({ level, text }) => [level, text]), [['warning', 'AWS: its list could not be reached, so its prices stay as they were.']]);
  });

  it('is itself again after a reading that was cancelled or failed', async () => {
    const { session, view } = bench(() => Promise.reject(new DOMException('', 'AbortError')));
    await assert.rejects(session.refresh(true), { name: 'AbortError' });
    assert.deepEqual([view().busy, view().reading], [false, []]);
  });
});

describe('how a reading ended', () => {
  it('tells a list that was cut from one that was out of reach', () => {
    assert.deepEqual(refreshWords([{ cloud: 'gcp', error: new RentError('badResponse') }, { cloud: 'aws', error: new RentError('serverError') }, { cloud: 'azure', error: new Error('disk') }], english.t), [
      'Google Cloud: its list did not come whole, so its prices stay as they were.',
      'AWS: its list could not be reached, so its prices stay as they were.',
      'Azure: its list did not come whole, so its prices stay as they were.',
    ]);
  });
});
