import assert from 'node:assert/strict';
import { findCommands } from './harness/commands.ts';
import { readNotices, readStatus } from './harness/notices.ts';
import { openContainer, rowText, waitForRows } from './harness/trees.ts';
import { useWorkbench } from './workbench.ts';

describe('the first look at the workbench', () => {
  const workbench = useWorkbench({ market: ['--seed', '5'] });

  it('says nothing unasked', async () => {
    const { page } = workbench();
    assert.deepEqual(await readNotices(page), []);
    assert.deepEqual(await readStatus(page, 'gpu-rental'), []);
  });

  it('shows live offers with a price per hour when its icon is clicked', async () => {
    const { page, market } = workbench();
    await openContainer(page, 'GPU Rental');
    const rows = await waitForRows(page, 'Offers', (seen) => seen.some((row) => /\$\d+\.\d+\/h/.test(rowText(row))));
    for (const row of rows) assert.notEqual(row.label.trim(), '', 'a screen reader has nothing to say');
    const ledger: { requests: Record<string, Record<string, number>> } = JSON.parse(await (await fetch(market?.endpoints.ledger.url ?? '')).text());
    assert.ok(Object.keys(ledger.requests['vast'] ?? {}).length > 0, 'the offers did not come from the market');
  });

  it('lists its commands under its own name', async () => {
    const titles = await findCommands(workbench().page, 'GPU Rental: Refresh');
    assert.ok(titles.includes('GPU Rental: Refresh Offers'), titles.join(', '));
  });

  it('has nothing to complain about', async () => {
    assert.deepEqual((await readNotices(workbench().page)).filter(({ severity }) => severity !== 'info'), []);
  });
});
