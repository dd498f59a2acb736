/** Alerts, and what is remembered of hosts. */
import type { Alert } from '../../domain/alert.ts';
import { providerOf } from '../../domain/offer.ts';
import type { HostMemory } from '../../services/hostMemory.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import { plain } from '../escape.ts';
import type { OffersList } from '../offers/offersList.ts';
import { nodeOf } from '../offers/offersModel.ts';
import type { OfferPreferences } from '../offers/preferences.ts';
import type { Voice } from '../voice.ts';
import { date, line, moment } from '../words.ts';
import { askWish, newAlert, tooMany } from './alertFlow.ts';
import { madeNote, wishWords } from './alertWords.ts';
import { troubleWords } from './hostWords.ts';
import type { Knowing } from './knowing.ts';

export interface MarketCommandDeps {
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly list: Pick<OffersList, 'model'>;
  readonly preferences: OfferPreferences;
  readonly knowing: Knowing;
  readonly hosts: Pick<HostMemory, 'incidents' | 'forget'>;
  /** Our clock, epoch milliseconds: what alerts and hosts are remembered by. */
  readonly clock: { now(): number };
  readonly voice: Voice;
  readonly report: (error: unknown) => void;
}

export function marketCommands(deps: MarketCommandDeps) {
  const { preferences } = deps;
  return {
    'gpuRental.alert.add': (node) => addAlert(deps, node),
    'gpuRental.alert.list': () => listAlerts(deps),
    'gpuRental.hosts.failed': () => listHosts(deps),
    'gpuRental.offers.showFailed': () => preferences.showFailed(!preferences.showsFailed),
  } satisfies CommandHandlers;
}

async function addAlert(deps: MarketCommandDeps, node: unknown): Promise<void> {
  const { dialogs, editor, list, preferences, knowing, clock, voice, report } = deps;
  const clicked = typeof node === 'string' ? nodeOf(list.model, node) : undefined;
  const filter = await askWish(
    { dialogs, voice, groups: () => list.model.groups.values(), filter: () => preferences.filter },
    clicked?.is === 'group' ? clicked.group : undefined,
  );
  if (filter === undefined) return;
  const { wishes, alerts } = await knowing.use();
  const alert = newAlert(filter, clock.now(), globalThis.crypto.randomUUID());
  if (!wishes.add(alert)) return void (await dialogs.notify({ level: 'warning', text: tooMany(voice), buttons: [] }));
  // It may be there now; and a notification may stay for hours.
  alerts.look(alert, new AbortController().signal).catch(report);
  const answer = await dialogs.notify(madeNote(alert, voice));
  if (answer === 'alerts') await editor.run('gpuRental.alert.list');
}

async function listAlerts({ dialogs, editor, preferences, knowing, clock, voice }: MarketCommandDeps): Promise<void> {
  const { t } = voice;
  const { wishes } = await knowing.use();
  const alerts = wishes.alerts();
  if (alerts.length === 0) {
    const answer = await dialogs.notify({ level: 'info', text: t('There is no alert.'), buttons: [{ id: 'add', label: t('Make one…') }] });
    return answer === 'add' ? editor.run('gpuRental.alert.add') : undefined;
  }
  const alert = await dialogs.pick<Alert>({
    title: t('Alerts'),
    placeholder: t('They are looked for while the editor is open'),
    choices: alerts.map((value) => ({ label: wishWords(value, voice), description: lastSeen(value, clock.now(), voice), value })),
  });
  if (alert === undefined || alert === goBack) return;
  const wish = await dialogs.pick<'remove' | 'offers'>({
    title: wishWords(alert, voice),
    placeholder: t('What now?'),
    choices: [{ label: t('Remove alert'), value: 'remove' }, { label: t('Show offers'), value: 'offers' }],
  });
  if (wish === 'remove') wishes.remove(alert.id);
  if (wish !== 'offers') return;
  await preferences.setFilter(alert.filter);
  await editor.showView('gpuRental.offers');
}

const lastSeen = ({ seenAt, madeAt }: Alert, now: number, { t }: Voice): string =>
  seenAt === undefined ? t('not seen since {0}', moment(madeAt, now, t)) : t('last there {0}', moment(seenAt, now, t));

/** Each host once, with all that it did; forgetting one offers it again. */
async function listHosts({ dialogs, hosts, voice }: MarketCommandDeps): Promise<void> {
  const { t, nameOf } = voice;
  const byHost = Map.groupBy(hosts.incidents, ({ host }) => host);
  if (byHost.size === 0) return void (await dialogs.notify({ level: 'info', text: t('No host failed you lately.'), buttons: [] }));
  const host = await dialogs.pick({
    title: t('Hosts that failed you'),
    placeholder: t('Choose one to forget what it did: it is offered again then'),
    choices: [...byHost].map(([value, incidents]) => {
      const provider = providerOf(value);
      return {
        label: line(plain(value.slice(value.indexOf(':') + 1)), provider && nameOf(provider)),
        description: t('left out until {0}', date(Math.max(...incidents.map(({ until }) => until)))),
        detail: incidents.map(({ trouble, at }) => `${date(at)}: ${troubleWords(trouble, voice)}`).join('; '),
        value,
      };
    }),
  });
  if (host === undefined || host === goBack) return;
  hosts.forget(host);
}
