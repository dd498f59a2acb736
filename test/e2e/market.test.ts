// From a market to one offer, and from that to the next: every provider beside the others, sensitive work in datacentres
// alone, an alert that leads to a machine, and work that goes on elsewhere when somebody bids more.
import assert from 'node:assert/strict';
import { closeSync, existsSync, globSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { Rental } from '../../src/practice/rental.ts';
import { until } from '../host/until.ts';
import { runCommand } from './harness/commands.ts';
import { waitForEditor } from './harness/editors.ts';
import { answerNotice, readNotices, waitForNotice } from './harness/notices.ts';
import { refreshOffers } from './harness/offers.ts';
import { newest, openPractice, type Practice, readLedger, runToSsh } from './harness/practice.ts';
import { answerDialog, enter, pick, readDialog } from './harness/prompts.ts';
import { untilReady } from './harness/renting.ts';
import { inOrder } from './harness/steps.ts';
import { terminalSettings, waitForTerminal } from './harness/terminals.ts';
import { clickContext, openContainer, paneTexts, waitForRows } from './harness/trees.ts';
import { useWorkbench } from './workbench.ts';

const gpu = 'RTX 3090';

/** Saves as it goes, waits at step 100 of the first machine, and begins where its last checkpoint was made. */
const training = `import json, os, time
os.makedirs("checkpoints", exist_ok=True)
saved = "checkpoints/last.json"
step = json.load(open(saved))["step"] if os.path.exists(saved) else 0
print("began at step", step, flush=True)
while step < 300:
    step += 1
    if step % 10 == 0:
        with open(saved + ".part", "w") as file: json.dump({"step": step}, file)
        os.utime(saved + ".part", (time.time() - 60, time.time() - 60))
        os.replace(saved + ".part", saved)
        print(f"step {step}/300", flush=True)
    while step == 100 and not os.path.exists("go"): time.sleep(0.1)
print("done", flush=True)
`;

describe('the market, from a comparison to a move', function story() {
  this.timeout(240_000);
  let practice: Practice;
  let first: Rental;
  let second: Rental;
  const workbench = useWorkbench(async () => {
    practice = await openPractice({ seed: 5, offers: 120, bootScale: 1 });
    return { market: practice, settings: { ...terminalSettings, 'gpuRental.sensitiveWork': 'off' }, files: { 'train.py': training, 'requirements.txt': '' } };
  });
  const page = (): Page => workbench().page;
  const explorer = (): FrameLocator => page().frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  const rows = (): Locator => explorer().locator('#grid tr[data-offer]');
  const choose = async (name: string, value: string): Promise<void> => {
    const field = explorer().locator(`#filter-${name}`);
    await field.selectOption(value);
    // The page is drawn anew by what the extension then says.
    await until(`${name} to be ${value}`, async () => (await field.inputValue()) === value);
  };
  const explore = async (): Promise<void> => {
    await runCommand(page(), 'GPU Rental: Explore All Offers');
    await rows().first().waitFor();
  };
  const there = (rental: Rental, name: string): string => globSync(join(rental.dir, '{root,workspace,root/workspace}', '*', name))[0] ?? join(rental.dir, name);
  const gpuHours = (rental: Rental) => (practice.market.world.ledger.bill('vast', rental.id)?.stretches ?? []).filter(({ kind }) => kind === 'gpu');
  const clear = async (): Promise<void> => runCommand(page(), 'Notifications: Clear All Notifications');
  inOrder();

  it('compares offers of four sellers beside each other', async () => {
    await openContainer(page(), 'GPU Rental');
    await refreshOffers(page());
    await explore();
    await choose('listed', 'shown');
    const sellers = ['Vast.ai', 'RunPod', 'Lambda', 'AWS'];
    const comparison = explorer().locator('[data-part="comparison"]');
    for (const [index, seller] of sellers.entries()) {
      await explorer().locator('#search').fill(`H100 ${seller}`);
      await rows().filter({ hasText: seller }).first().locator('[data-compare]').click();
      await until(`${seller} to be compared`, async () => (await comparison.locator('thead th').count()) === index + 1);
    }
    const text = await comparison.innerText();
    for (const seller of sellers) assert.ok(text.includes(seller), text);
    assert.equal(await comparison.locator('thead [data-rent]').count(), 3, 'what is only listed can be rented from here');
    await explorer().locator('#search').fill('');
    await choose('listed', '');
    await until('the lists to be gone', async () => !(await rows().allInnerTexts()).some((row) => row.includes('AWS')));
  });

  it('shows datacentres alone where work is sensitive, in the list and in the explorer', async () => {
    await workbench().setSettings({ 'gpuRental.sensitiveWork': 'on' });
    await openContainer(page(), 'GPU Rental');
    await refreshOffers(page());
    assert.match((await paneTexts(page(), 'Offers')).description, /sensitive work/);
    await explore();
    const seen = await rows().allInnerTexts();
    assert.ok(seen.length > 5);
    assert.deepEqual(seen.filter((text) => /private host|Community/.test(text)), []);
    await workbench().setSettings({});
    await openContainer(page(), 'GPU Rental');
    await refreshOffers(page());
    await explore();
    await until('private hosts to be there again', async () => (await rows().allInnerTexts()).some((text) => text.includes('private host')));
  });

  it('tells of an offer that was wished for, and rents it', async () => {
    for (const [name, value] of [['gpu', gpu], ['kind', 'interruptible']] as const) await choose(name, value);
    await until('only those to be left', async () => (await rows().allInnerTexts()).every((text) => text.includes(gpu) && text.includes('interruptible')));
    const [cheapest] = /\$\d+\.\d+/.exec((await rows().first().innerText())) ?? assert.fail();
    await runCommand(page(), 'GPU Rental: Tell Me When It Is Offered…');
    await enter(page(), (Number(cheapest.slice(1)) + 0.01).toFixed(2), 'At most how much?');
    await pick(page(), 'Any', 'How reliable?');
    const { text } = await waitForNotice(page(), /^You are told when this is offered: RTX 3090/);
    assert.match(text, /while the editor is open, and not when it is closed\.$/);
    await answerNotice(page(), /is there:/, 'Rent it');
    const { detail } = await readDialog(page());
    assert.match(detail, /Your bid is \$\d.*The least that wins now is \$\d.*taken away/s);
    await answerDialog(page(), 'Rent');
    first = await untilReady(page(), practice, 1);
    await clear();
  });

  it('copies what a run saves, where its machine can be taken away', async () => {
    await openContainer(page(), 'Explorer');
    await page().locator('.explorer-folders-view').getByRole('treeitem', { name: 'train.py' }).dblclick();
    await waitForEditor(page(), 'train.py', /^import json/);
    await runCommand(page(), 'GPU Rental: Run on GPU');
    await pick(page(), 'Keep the machine', 'Run on GPU');
    await waitForTerminal(page(), /step 100\/300/);
    await answerNotice(page(), /can be taken away at any time/, 'Copy checkpoints…');
    await pick(page(), 'To this computer', 'Copies of');
    await enter(page(), 'checkpoints', 'Copies of');
    await pick(page(), 'Every 5 minutes', 'Copies of');
    await waitForNotice(page(), /^Copies are made every 5 m/);
    const here = (): string | undefined => globSync(join(dirname(workbench().folder), 'data/**/last.json'))[0];
    await until('the checkpoint to be here', () => here() !== undefined);
    assert.equal(JSON.parse(readFileSync(here() ?? '', 'utf8')).step, 100);
    await clear();
  });

  it('sees that it was outbid, and moves the work to the next best machine', async () => {
    assert.ok(practice.market.outbid(first.id));
    await until('the outbid to be told', async () => {
      await runCommand(page(), 'GPU Rental: Refresh Instances');
      return (await readNotices(page())).some(({ text }) => /was outbid/.test(text));
    });
    await answerNotice(page(), /was outbid/, 'Move the work…');
    await pick(page(), 'From the copies on this computer', 'Move the work of');
    assert.match((await answerDialog(page(), 'Choose the machine')).detail, /so that never two machines run for one work/);
    await answerDialog(page(), 'Rent');
    await until('the provider to have another', () => practice.market.world.rentals.all().length === 2);
    second = newest(practice);
    await runToSsh(practice, second);
    const { text } = await waitForNotice(page(), /goes on with the work of/);
    assert.match(text, /The disk of .* goes on costing \$0\.\d+\/h/);
    await until('the run to have resumed', () => existsSync(there(second, 'checkpoints/last.json')));
    closeSync(openSync(join(dirname(dirname(there(second, 'checkpoints/last.json'))), 'go'), 'w'));
    await until('the run to end', () => JSON.parse(readFileSync(there(second, 'checkpoints/last.json'), 'utf8')).step === 300);
    await answerNotice(page(), /goes on with the work of/, `Destroy `);
    await answerDialog(page(), 'Destroy');
    await until('the old one to be gone', () => first.state === 'destroyed');
  });

  it('went on at the checkpoint, and the ledger shows no two at once', async () => {
    const [log = ''] = globSync(join(second.dir, '*/.gpu-rental/runs/*/log'));
    assert.match(readFileSync(log, 'utf8'), /^began at step 100$/m);
    await runCommand(page(), 'GPU Rental: Show All Runs');
    await waitForEditor(page(), 'runs.txt', /train\.py/);
    const [before, after] = [gpuHours(first), gpuHours(second)];
    const end = Math.max(...before.map(({ to }) => to ?? Infinity));
    assert.ok(before.length > 0 && after.length > 0 && after.every(({ from }) => from >= end), 'two machines ran for one work');
    await openContainer(page(), 'GPU Rental');
    await clickContext(page(), 'Instances', gpu, 'Destroy…');
    await answerDialog(page(), 'Destroy');
    await until('everything to have ended', () => second.state === 'destroyed');
    await waitForRows(page(), 'Instances', (seen) => seen.length === 0);
    const { createsAccepted, instances } = await readLedger(practice);
    assert.deepEqual([createsAccepted, instances.map(({ state }) => state)], [2, ['destroyed', 'destroyed']]);
    assert.equal(practice.market.world.ledger.burnUsdPerHour('vast'), 0);
  });
});
