/** From a job to an offer: the questions, three picks with the reason for each, and the usual way to rent. */
import type { HostHistory } from '../../domain/hostMemory.ts';
import type { Offer } from '../../domain/offer.ts';
import { adviceFor, candidates, finishPickKinds, finishPicks, type Candidate } from '../../estimate/advice/advise.ts';
import { finishLimits } from '../../estimate/advice/finishLimits.ts';
import { assumptionWords } from '../../estimate/words.ts';
import { goBack, type Choice } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import { plain } from '../escape.ts';
import { costText } from '../estimate/figures.ts';
import { narrows } from '../offers/filterWords.ts';
import type { NamedJob } from '../offers/namedJob.ts';
import { offerRow } from '../offers/offerRow.ts';
import type { OfferPreferences } from '../offers/preferences.ts';
import type { Wish } from '../rent/terms.ts';
import { gpus, line, offersCount } from '../words.ts';
import { jobWords, pickName, reasonText, sourceWords, stanceName, whyOf, whyWords } from './adviceWords.ts';
import { askJob, type QuestionDeps } from './jobQuestions.ts';
import { marketAround, type AroundDeps } from './marketAround.ts';

export interface AdviseDeps extends QuestionDeps, AroundDeps {
  readonly editor: Pick<Editor, 'showView'>;
  readonly preferences: Pick<OfferPreferences, 'setSort' | 'filter'>;
  readonly namedJob: Pick<NamedJob, 'figures' | 'name'>;
  readonly history?: HostHistory | undefined;
  readonly rent: (offer: Offer, limits: Wish) => Promise<void>;
}

/** Going back from the picks begins again, with the answers as they were. */
export async function advise(deps: AdviseDeps): Promise<void> {
  const { dialogs, namedJob, offers, history, voice } = deps;
  for (;;) {
    const jobOn = await askJob(deps, namedJob.figures?.job);
    if (jobOn === undefined) return;
    const all = candidates(offers(), jobOn, history);
    const [cheapest] = all;
    if (cheapest === undefined) {
      await dialogs.notify({ level: 'info', text: voice.t('The job cannot be finished on any offer in the list: they end before, or interruptions come faster than it gets on. Checkpoints or a wider filter help.'), buttons: [] });
      return;
    }
    await namedJob.name(cheapest.job);
    if ((await choosePick(deps, all)) !== goBack) return;
  }
}

async function choosePick(deps: AdviseDeps, all: readonly Candidate[]): Promise<typeof goBack | undefined> {
  const { dialogs, editor, preferences, rent, voice } = deps;
  const { t } = voice;
  const [{ job }] = all as readonly [Candidate, ...Candidate[]];
  for (;;) {
    const chosen = await dialogs.pick<Candidate | 'all'>({
      title: t('Which offer for my job?'),
      placeholder: line(t('{0}: {1} can finish it', plain(jobWords(job, t)), offersCount(all.length, t)), narrows(preferences.filter) && t('the filter of the offers holds here too')),
      choices: [...pickChoices(deps, all), { label: t('Show all, cheapest to finish first'), value: 'all' }],
      withBack: true,
    });
    if (chosen === undefined || chosen === goBack) return chosen;
    if (chosen === 'all') {
      await preferences.setSort('finish');
      await editor.showView('gpuRental.offers');
      return undefined;
    }
    const agreed = await showReasons(deps, chosen);
    if (agreed === 'rent') await rent(chosen.offer, finishLimits(chosen.finish));
    if (agreed !== goBack) return undefined;
  }
}

/** One line for each offer, whatever it is best at. */
function pickChoices({ voice }: AdviseDeps, all: readonly Candidate[]): Choice<Candidate>[] {
  const { t } = voice;
  const picks = finishPicks(all);
  const named = Map.groupBy(finishPickKinds.filter((kind) => picks[kind] !== undefined), (kind) => picks[kind]);
  return [...named].flatMap(([candidate, kinds]) => {
    if (candidate === undefined) return [];
    const { offer, job, finish } = candidate;
    return {
      label: `${line(...kinds.map((kind) => pickName(kind, t)))}: ${costText(finish.usd)}`,
      description: line(gpus(offer.gpuCount, plain(offer.gpu)), offerRow(offer, voice).description),
      detail: whyWords(whyOf(offer, job, finish), voice),
      value: candidate,
    };
  });
}

/** Reasons stand in a list so that they can be read one by one; choosing one does nothing. */
async function showReasons({ dialogs, voice, ...deps }: AdviseDeps, { offer, job, finish }: Candidate): Promise<'rent' | typeof goBack | undefined> {
  const { t } = voice;
  const around = marketAround(deps)(offer);
  const reasons = adviceFor(offer, job, around).map((advice): Choice<'nothing'> =>
    ({ section: stanceName(advice.stance, t), label: reasonText(advice, offer, job, around, t), detail: sourceWords(advice, t), value: 'nothing' }));
  const granted = finish.assumptions.map((assumption): Choice<'nothing'> => ({ section: t('Taken for granted'), label: assumptionWords(assumption, t), value: 'nothing' }));
  for (;;) {
    const chosen = await dialogs.pick<'rent' | 'nothing'>({
      title: t('Why this offer'),
      placeholder: whyWords(whyOf(offer, job, finish), voice),
      choices: [{ label: t('Rent {0}…', gpus(offer.gpuCount, plain(offer.gpu))), description: t('the price is asked again first'), value: 'rent', current: true }, ...sectioned([...reasons, ...granted])],
      withBack: true,
    });
    if (chosen !== 'nothing') return chosen;
  }
}

/** A section is named where it begins. */
const sectioned = <T>(choices: readonly Choice<T>[]): Choice<T>[] =>
  choices.map(({ section, ...choice }, index) => (section === undefined || section === choices[index - 1]?.section ? choice : { ...choice, section }));

