/**
 * On a marketplace a stranger writes names, places and status lines. Whatever it is, a label stays one line that does
 * nothing, and Markdown shows it as it is.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultFilter, groupOffers } from '../../../src/domain/filter.ts';
import { RentError } from '../../../src/domain/errors.ts';
import type { InstanceId } from '../../../src/domain/instance.ts';
import { usd } from '../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../src/domain/offer.ts';
import type { FleetInstance } from '../../../src/services/fleetInstance.ts';
import type { MarketView } from '../../../src/services/market.ts';
import { fileName } from '../../../src/ui/escape.ts';
import { endNote, warnNote } from '../../../src/ui/instances/guardNotes.ts';
import { destroyConsent, rebootConsent, startConsent, stopConsent } from '../../../src/ui/instances/confirmations.ts';
import { buildInstances } from '../../../src/ui/instances/instancesModel.ts';
import { instancesSource } from '../../../src/ui/instances/instancesSource.ts';
import { filterParts } from '../../../src/ui/offers/filterWords.ts';
import { partChoices } from '../../../src/ui/offers/filterChoices.ts';
import { buildOffers, nodeOf } from '../../../src/ui/offers/offersModel.ts';
import { nodeTooltip } from '../../../src/ui/offers/nodeTooltip.ts';
import { whyWords } from '../../../src/ui/advice/adviceWords.ts';
import { offersSource } from '../../../src/ui/offers/offersSource.ts';
import { offerText } from '../../../src/ui/offers/offerText.ts';
import { readyNote } from '../../../src/ui/readyNote.ts';
import { nextBestConsent, rentConsent } from '../../../src/ui/rent/consent.ts';
import type { TreeSource } from '../../../src/ui/row.ts';
import { alarmOf } from '../../../src/ui/spend/alarm.ts';
import { spendReport } from '../../../src/ui/spend/spendReport.ts';
import { hoverCommands, spokenStatus, statusHover, statusText } from '../../../src/ui/spend/statusText.ts';
import type { SpendInput } from '../../../src/ui/spend/totalRows.ts';
import { offer } from '../../fakes/offers.ts';
import { english } from './support/english.ts';
import { launch, machine, minuteMs, now, ready, purse } from './support/machines.ts';

const attacks = [
  '$(rocket) Free', '[Click](command:workbench.action.terminal.new)', '![x](https://evil.invalid/x.png)', '<img src=x onerror=alert(1)>', '<a href="command:evil">x</a>',
  '\u001b[31mred\u001b[0m', '\u001b]8;;https://evil.invalid\u0007link\u001b]8;;\u0007', 'Nor\u202eyaw', 'a\r\nHost *\n  ProxyCommand id', 'a|b|c', '**bold** `code`', '"; rm -rf ~ #', "'$(id)'",
  '`id`', '\u0000\u0007\u009b31m', '-oProxyCommand=id', '=HYPERLINK("https://evil.invalid")', '&#60;script&#62;', 'https://evil.invalid', '# heading', '- item', '\\', '](', '$(', 'x'.repeat(5_000), '😀'.repeat(500),
  '\u2028\u2029\u200b\ufeff\u2066', '__proto__', '{0} {1} {2}', '~~~\n```\n', '\ud800',
] as const;
const hostile = fc.oneof(
  fc.constantFrom(...attacks),
  fc.array(fc.constantFrom(...attacks), { minLength: 2, maxLength: 4 }).map((parts) => parts.join('')),
  fc.string({ unit: fc.constantFrom(...'$([](`*_<>!|\\&#\n\t\r\u202e\u200b"\'-=;{}~^') }),
  fc.string({ unit: 'grapheme' }),
);

const poisonedOffer = (text: string, change: Partial<Offer> = {}): Offer =>
  offer({
    id: `vast:${text}` as OfferId, gpu: text, place: text, country: text, tierName: text, stock: 'low',
    details: { machineId: text, hostId: text, cpuName: text, diskName: text, cuda: text, driver: text, directSsh: false, downUsdPerGb: 0.01, cpuCores: 8, ramGb: 64, verified: true },
    ...change,
  });
const poisonedMachine = (text: string, change: Partial<FleetInstance> = {}): FleetInstance =>
  machine({ id: `vast:${text}` as InstanceId, name: text, gpu: text, place: text, statusText: text, ...change });

const view = (offers: readonly Offer[], error: RentError): MarketView =>
  ({ offers, errors: [{ provider: 'runpod', error }], loading: false, stale: false, more: false, dropped: 0, filter: defaultFilter, readAt: now }) as unknown as MarketView;

interface Shown {
  /** One line each: labels, descriptions, notifications, picks, titles. */
  readonly lines: string[];
  /** May have paragraphs of ours. */
  readonly texts: string[];
  readonly markdown: string[];
}

/** Everything that is drawn, asked and said about an offer and a machine of which every string is `text`. */
async function everything(text: string): Promise<Shown> {
  const lines: string[] = [];
  const markdown: string[] = [];
  const texts: string[] = [];
  const walk = async (source: TreeSource, tooltipOf: (node: string) => unknown, node?: string): Promise<void> => {
    for (const child of source.children(node)) {
      const row = source.row(child);
      assert.ok(row);
      lines.push(row.label, row.description ?? '', row.spoken);
      const tooltip = await tooltipOf(child);
      if (typeof tooltip === 'string') markdown.push(tooltip);
      await walk(source, tooltipOf, child);
    }
  };
  const one = poisonedOffer(text);
  const unheard = new RentError('badResponse', { detail: text });
  const model = buildOffers({ view: view([one, { ...poisonedOffer(text, { kind: 'interruptible', id: 'vast:2' as OfferId }), price: offer({ gpuUsd: 0.9 }).price }], unheard), sort: 'price', hidden: new Set(), signedIn: true });
  await walk(offersSource(() => model, () => now, english), (node) => nodeTooltip(nodeOf(model, node), { model, now }, english));
  lines.push(offerText(one, english), whyWords({ offer: one, usd: usd(4), hours: 8, lostHours: 0.2, dataGb: 20 }, english));
  const filter = { ...defaultFilter, gpu: text, region: text };
  for (const part of [...filterParts, 'diskGb'] as const) for (const choice of partChoices(filter, part, [one], english)) lines.push(choice.label, choice.description ?? '');
  for (const group of groupOffers([one], 'price')) lines.push(...partChoices({ ...defaultFilter, gpu: group.gpu }, 'gpu', [one], english).map(({ label }) => label));

  const terms = { offer: one, limits: { budget: usd(5), leaseEndsAt: now + 60 * minuteMs }, now, practice: true, selfStop: true, start: { image: 'usual/image:1', ports: [] }, purse: purse() };
  for (const consent of [rentConsent(terms, english), nextBestConsent('It is gone.', terms, english)]) {
    lines.push(consent.title);
    texts.push(consent.detail);
  }

  const machines = (['ready', 'starting', 'stopped', 'failed', 'unknown', 'ending'] as const).map((state) => poisonedMachine(text, { state }));
  for (const instance of machines) {
    const instances = buildInstances({ instances: [instance], errors: [{ provider: 'vast', error: unheard }], now, pinnedBy: () => 'log' }, english);
    const source = instancesSource(() => instances, () => now, english);
    await walk(source, (node) => source.tooltip(node));
    for (const consent of [stopConsent(instance, english), destroyConsent(instance, true, english), rebootConsent(instance, english), startConsent(instance, terms.limits, terms, english)]) {
      lines.push(consent.title);
      texts.push(consent.detail);
    }
    for (const verdict of ['warn', 'end'] as const) for (const because of ['budget', 'lease'] as const) {
      lines.push(warnNote({ instance, judgement: { verdict, because }, counted: usd(4) }, now, english).text, endNote({ instance, judgement: { verdict, because }, counted: usd(4) }, english).text);
    }
  }
  lines.push(readyNote(ready({ launch: launch({ name: text, gpu: text, place: text }) }), now, english).text, readyNote(ready({ launch: launch({ name: '', gpu: text }) }), now, english).text);

  const late = machines.map((instance) => ({ ...instance, spent: usd(99), limits: { budget: usd(5), leaseEndsAt: now } }));
  const input: SpendInput = {
    now, practice: false, caps: [], closing: [], instances: late, alarm: alarmOf({ instances: late, balances: new Map(), caps: [], now }, english),
    spend: {
      session: usd(1), today: usd(1), month: usd(1), burn: machines[0]?.burn ?? (0 as never), balances: new Map(), everRan: true, books: { intervals: [], settled: [], sessionFrom: now, now },
      instances: machines.map(({ id, name, spent, burn }) => ({ instanceId: id, name, spent, burn, live: true })),
    },
  };
  lines.push(spokenStatus(input, english), (statusText(input, english) ?? '').replace(/^\$\(zap\)/, ''), ...input.alarm.reasons);
  texts.push(spendReport(input, english));
  markdown.push(statusHover(input, english));
  return { lines, texts, markdown };
}

const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const benign = await everything('Plain');
/** Links that are ours, by their targets. */
const ownLinks = /\[[^\][]*\]\(command:(gpuRental\.[\w.]+)\)/g;

describe('what a stranger writes', () => {
  it('never acts in a label, a title, a notification or a pick', async () => {
    await fc.assert(fc.asyncProperty(hostile, async (text) => {
      for (const line of (await everything(text)).lines) {
        assert.doesNotMatch(line, unseen, line);
        assert.doesNotMatch(line, /\$\(|\]\(/, line);
        assert.ok(line.length < 1_500, `${line.length}`);
      }
    }), { numRuns: 60 });
  });

  it('adds no line to a text and no column to a table', async () => {
    const shape = (text: string): string[] => text.replace(/[^\n|]+/g, 'x').split('\n').map((line) => line.replaceAll('x', ''));
    await fc.assert(fc.asyncProperty(hostile.filter((text) => /[\p{L}\p{N}]/u.test(text)), async (text) => {
      const shown = await everything(text);
      shown.texts.forEach((one, at) => {
        assert.equal(one.split('\n').length, benign.texts[at]?.split('\n').length, one);
        assert.doesNotMatch(one.replaceAll('\n', ''), unseen);
      });
      shown.markdown.forEach((one, at) => assert.deepEqual(shape(one), shape(benign.markdown[at] ?? ''), one));
    }), { numRuns: 60 });
  });

  it('stands in Markdown as it is: no link, image, HTML, code or emphasis comes of it', async () => {
    await fc.assert(fc.asyncProperty(hostile, async (text) => {
      for (const one of (await everything(text)).markdown) {
        const commands = [...one.matchAll(ownLinks)].map(([, target = '']) => target);
        assert.ok(commands.every((command) => hoverCommands.some((allowed) => allowed === command)), commands.join());
        const rest = one.replace(ownLinks, '').replace(/&#\d+;/g, '\u25a1').replace(/^\|(?: :--- \|)+$/gm, '');
        assert.doesNotMatch(rest, /[<>`[\]\\~_^]|https?:|command:|www\./, rest.slice(0, 500));
        assert.doesNotMatch(rest.replace(/\*\*/g, ''), /\*/);
        assert.doesNotMatch(rest, /^\s*(?:#|>|-|\d+\.) /m);
      }
    }), { numRuns: 60 });
  });

  it('names no file outside its place and no terminal with anything that acts', () => {
    fc.assert(fc.property(hostile, (text) => {
      const name = fileName(text);
      assert.doesNotMatch(name, /[/\\:*?"<>|$`;&'\n\r]/);
      assert.doesNotMatch(name, unseen);
      assert.ok(name.length <= 120);
      assert.ok(!`${name}.log`.includes('../'));
    }));
  });
});
