// The three things people come for, by hand and at each provider: find a machine, rent and use it, see what it costs.
import assert from 'node:assert/strict';
import type { Rental } from '../../src/practice/rental.ts';
import { until } from '../host/until.ts';
import { editorText, waitForEditor } from './harness/editors.ts';
import { answerNotice, clickStatus, hoverStatus, hoverText, readNotices, readStatus, waitForNotice } from './harness/notices.ts';
import { chargedInAll, newest, openPractice, type Practice, readLedger, runTo, runToSsh } from './harness/practice.ts';
import { runCommand } from './harness/commands.ts';
import { webview } from './harness/looks.ts';
import { refreshOffers } from './harness/offers.ts';
import { answerDialog, pick, readChoices, readDialog } from './harness/prompts.ts';
import { terminalSettings, typeInTerminal, waitForTerminal } from './harness/terminals.ts';
import { inOrder } from './harness/steps.ts';
import { clickContext, clickInline, clickPaneAction, findBelow, findRow, literally, openContainer, paneTexts, readRows, rowPattern, rowText, waitForRows } from './harness/trees.ts';
import { useWorkbench } from './workbench.ts';

const gpu = 'RTX 3090';
const hourMs = 3_600_000;

describe('a rental by hand', () => {
  let practice: Practice;
  const workbench = useWorkbench(async () => {
    practice = await openPractice({ seed: 7, offers: 60, bootScale: 1 });
    return { market: practice, settings: terminalSettings };
  });
  const page = () => workbench().page;
  inOrder();

  /** The figures of the status bar, in dollars. */
  async function shown(): Promise<{ spend: number; burn: number }> {
    const [item] = await readStatus(page(), 'gpu-rental');
    const [, spend, burn] = /\$(\d+\.\d\d) · \$(\d+\.\d+)\/h/.exec(item?.text ?? '') ?? [];
    return { spend: Number(spend), burn: Number(burn) };
  }

  /** Waits until the status bar and the market's ledger agree to the cent, and gives the sum. */
  async function untilSettled(): Promise<number> {
    let [bar, ledger] = [0, 0];
    return await until('the status bar to agree with the ledger', async () => {
      bar = (await shown()).spend;
      ledger = chargedInAll((await readLedger(practice)).instances);
      return Math.abs(bar - ledger) <= 0.01 && ledger;
    }, { detail: () => `$${bar} is shown, $${ledger} was charged` });
  }

  /** Waits until the spend page says what the status bar says. */
  async function seeSpendPage(): Promise<void> {
    const session = webview(page()).locator('[data-part="figures"] strong').first();
    let seen = '';
    await until('the spend page to say what the status bar says', async () => {
      seen = await session.innerText({ timeout: 2000 }).catch(() => '');
      return seen === `$${(await shown()).spend.toFixed(2)}`;
    }, { detail: () => `The page says: ${seen}` });
  }

  /** Waits until the spend as text and the status bar say the same, and gives the text. */
  async function spendText(): Promise<string> {
    await waitForEditor(page(), 'GPU spend.txt', /^This session/m);
    let seen = '';
    return await until('the text to say what the status bar says', async () => {
      seen = await editorText(page());
      return new RegExp(`^This session +\\$${(await shown()).spend.toFixed(2)}$`, 'm').test(seen) && seen;
    }, { detail: () => `The text says:\n${seen}` });
  }

  it('begins with offers that can be decided on from one line', async () => {
    await openContainer(page(), 'GPU Rental');
    const rows = await waitForRows(page(), 'Offers', (seen) => seen.some(({ expanded }) => expanded === false));
    // The last one tells what was read.
    for (const row of rows.filter(({ expanded }) => expanded !== undefined)) assert.match(rowText(row), /^\S.* · \d+ GB from \$\d+\.\d+\/h · [\d,]+ offers?$/);
    assert.equal(await readStatus(page(), 'gpu-rental').then(({ length }) => length), 0, 'spend is shown before anything ran');
  });

  it('narrows to one GPU, and says how many offers each choice leaves', async () => {
    await clickPaneAction(page(), 'Offers', 'Filter Offers');
    await pick(page(), 'GPU', 'Filter offers');
    await pick(page(), gpu, 'GPU');
    await pick(page(), 'On demand or interruptible', 'Filter offers');
    await pick(page(), 'on demand', 'On demand or interruptible');
    const [first] = await readChoices(page(), 'Filter offers');
    await pick(page(), first?.label ?? '', 'Filter offers');
    const rows = await waitForRows(page(), 'Offers', (seen) => seen.filter(({ level, expanded }) => level === 1 && expanded !== undefined).length === 1);
    const [, count] = /^Show (\d+) offers$/.exec(first?.label ?? '') ?? [];
    assert.match(rowText(rows[0] ?? { name: '', description: '', label: '', level: 1, expanded: false }), new RegExp(`^${gpu} · 24 GB from .* ${count} offers$`));
    assert.equal((await paneTexts(page(), 'Offers')).description, `${gpu} · on demand`);
  });

  for (const { name, trust, idVariable } of [
    { name: 'Vast.ai', trust: /^\d+\.\d %/, idVariable: 'CONTAINER_ID' },
    // A community pod may have no public address, and then nobody can sign in to it.
    { name: 'RunPod', trust: /^Secure/, idVariable: 'RUNPOD_POD_ID' },
  ]) {
    describe(`at ${name}`, () => {
      inOrder();
      let rental: Rental;
      let rate = '';

      /** Reads who the machine is in its own terminal. */
      async function askWhoItIs(): Promise<void> {
        await waitForTerminal(page(), /practice-pod/);
        await typeInTerminal(page(), `echo "here is \${${idVariable}:-nobody}, home is $HOME"`);
        const [, id, home] = await waitForTerminal(page(), /here is (\w+), home is ([^"$]+?)$/m);
        assert.equal(id, rental.id);
        assert.ok(home?.startsWith(rental.dir), `${home} is not on the machine`);
      }

      it('rents from the row, after a question that names everything that costs', async () => {
        await refreshOffers(page());
        // Offers come a page at a time, and one of two GPUs may be there first.
        const offer = await findBelow(page(), 'Offers', new RegExp(gpu), (row) => row.level === 2 && /\b1×/.test(rowText(row)) && trust.test(row.description) && row.description.includes(name));
        rate = /^\$\d+\.\d+\/h/.exec(offer.name)?.[0] ?? '';
        assert.match(offer.label, new RegExp(`^${literally(rate)} all in, with 40 GB of disk, 1× 24 GB ${gpu}, on demand, .*${name}`));

        const tooltip = await hoverText(page(), await findRow(page(), 'Offers', rowPattern(offer)));
        for (const line of [`1× ${gpu} ${rate} all in`, /^GPU \$/m, /^Disk of 40 GB \$/m, /^While stopped \$/m, /^Place \S/m, /read at \d\d:\d\d:\d\d/]) {
          assert.match(tooltip, line instanceof RegExp ? line : new RegExp(literally(line)));
        }

        await clickInline(page(), 'Offers', rowPattern(offer), 'Rent…');
        const { message, detail, buttons } = await readDialog(page());
        assert.equal(message, `Rent 1× ${gpu} for ${rate}?`);
        assert.match(detail, /^GPU \$\d+\.\d+\/h \+ 40 GB disk \$\d+\.\d+\/h\./);
        assert.match(detail, /stops by itself at (\d\d:\d\d|\d\d:\d\d tomorrow) or at \$5\.00, and when idle for 30 minutes/);
        assert.match(detail, /Stopped, its disk goes on costing \$\d+\.\d+\/h/);
        assert.deepEqual(buttons.toSorted(), ['Cancel', 'Change limits…', 'Rent']);
        const { createsAccepted } = await readLedger(practice);
        assert.equal(createsAccepted, name === 'RunPod' ? 1 : 0, 'something was rented before it was agreed to');
      });

      it('tells what it waits for until the machine is ready', async () => {
        practice.market.faults.force('ssh-late');
        await answerDialog(page(), 'Rent');
        await waitForNotice(page(), new RegExp(`Renting 1× ${gpu} for ${literally(rate)}: starting \\(usually ready after`));
        rental = newest(practice);
        runTo(practice, rental, 'loading');
        await waitForNotice(page(), /: pulling image/);
        runTo(practice, rental, 'running');
        await waitForNotice(page(), /: (waiting for SSH|booting)/);
        await runToSsh(practice, rental);
        const { text } = await waitForNotice(page(), /is ready/);
        assert.match(text, new RegExp(`^rtx-3090 is ready for ${literally(rate)}; it is stopped at \\d\\d:\\d\\d( tomorrow)? or at \\$5\\.00\\.$`));
      });

      it('opens a terminal that is the machine', async () => {
        await answerNotice(page(), /is ready/, 'Terminal');
        await askWhoItIs();
      });

      it('shows the spend in the status bar, by machine on hover, and as a page on a click', async () => {
        practice.market.clock.advance(3 * hourMs);
        await clickPaneAction(page(), 'Instances', 'Refresh Instances');
        await untilSettled();
        const { spend, burn } = await shown();
        assert.ok(spend > 0.4, `$${spend} is too little to compare`);
        assert.equal(`$${burn}/h`, rate);
        const hover = await hoverStatus(page(), 'gpu-rental');
        assert.match(hover, new RegExp(`^rtx-3090 \\$\\d+\\.\\d\\d ${literally(rate)} \\d.*, (lease|budget)$`, 'm'));
        for (const line of [/^This session \$\d+\.\d\d$/m, /^Today \$/m, /^This month \$/m, /^Balance at Vast\.ai \$/m, /^Balance at RunPod \$/m]) assert.match(hover, line);
        await clickStatus(page(), 'gpu-rental');
        await seeSpendPage();
        assert.match(await webview(page()).locator('[data-part="instances"] tbody').innerText(), /rtx-3090/);
        await runCommand(page(), 'GPU Rental: Show Spend as Text');
        const view = await spendText();
        assert.match(view, new RegExp(`^rtx-3090 +${literally(name)} +ready +\\$\\d+\\.\\d\\d +${literally(rate)}$`, 'm'));
      });

      it('stops, and says what goes on costing', async () => {
        await clickInline(page(), 'Instances', gpu, 'Stop…');
        const { message, detail } = await answerDialog(page(), 'Stop');
        assert.equal(message, 'Stop rtx-3090?');
        assert.match(detail, /disk is kept and goes on costing \$\d+\.\d+\/h \(\$\d+\.\d\d a month\) until you destroy it/);
        await until('the provider to stop it', () => rental.intended === 'stopped');
        runTo(practice, rental, 'stopped');
        await waitForRows(page(), 'Instances', (rows) => rows.some((row) => /stopped · disk \$\d+\.\d+\/h/.test(rowText(row))));
        assert.deepEqual((await readNotices(page())).filter(({ severity }) => severity !== 'info'), []);
        await untilSettled();
      });

      it('starts again at another port with another host key', async () => {
        const before = { port: rental.sshPort, key: rental.hostKeyFingerprint };
        practice.market.clock.advance(hourMs / 2);
        await clickInline(page(), 'Instances', gpu, 'Start…');
        const { message, detail } = await answerDialog(page(), 'Start');
        assert.equal(message, `Start rtx-3090 for ${rate}?`);
        assert.match(detail, /It has cost \$\d+\.\d\d so far/);
        await until('the provider to start it', () => rental.starts === 2);
        await runToSsh(practice, rental);
        await waitForNotice(page(), /is ready/);
        assert.notEqual(rental.sshPort, before.port);
        assert.notEqual(rental.hostKeyFingerprint, before.key);
        await clickContext(page(), 'Instances', gpu, 'Open Terminal');
        await askWhoItIs();
      });

      it('is destroyed after a question that says what is lost, and costs nothing from then on', async () => {
        practice.market.clock.advance(hourMs);
        await clickContext(page(), 'Instances', gpu, 'Destroy…');
        const { message, detail } = await answerDialog(page(), 'Destroy');
        assert.equal(message, 'Destroy rtx-3090?');
        assert.match(detail, /^Everything on its 40 GB disk is lost/);
        await waitForRows(page(), 'Instances', (rows) => rows.length === 0);
        assert.equal(rental.state, 'destroyed');
        const charged = await untilSettled();
        practice.market.clock.advance(24 * hourMs);
        assert.equal(chargedInAll((await readLedger(practice)).instances), charged, 'something still bills');
        await spendText();
        assert.equal((await shown()).burn, 0);
      });

      it('leaves nothing to complain about', async () => {
        assert.deepEqual((await readNotices(page())).filter(({ severity }) => severity !== 'info'), []);
        assert.deepEqual(await readRows(page(), 'Instances'), []);
      });
    });
  }
});
