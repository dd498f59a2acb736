/** What an estimate is made with, put together: parsers, tables of cards and models, published runs, and memories of all. */
import type { Offer } from './domain/offer.ts';
import type { Parsers } from './domain/source.ts';
import type { ListPrice } from './estimate/catalogue/prices.ts';
import { elsewhere, servedElsewhere } from './estimate/offers/elsewhere.ts';
import { estimateServing, rankServing, type ServingEstimate } from './estimate/offers/serving.ts';
import { rememberSpeeds, type SpeedOf } from './estimate/offers/servingTools.ts';
import { estimateOffers } from './estimate/offers/estimateOffers.ts';
import { owning } from './estimate/offers/owning.ts';
import { paretoFront, picks, rank } from './estimate/offers/rank.ts';
import { rememberMachines, type EstimateTools, type MachineMemory } from './estimate/offers/tools.ts';
import { overridesOf, withGiven } from './estimate/read/given.ts';
import { withHub } from './estimate/read/hub.ts';
import { readWorkload } from './estimate/read/readWorkload.ts';
import { stepOf } from './estimate/step.ts';
import type { Workload } from './estimate/workload.ts';
import type { Estimator } from './ui/estimate/estimator.ts';

/** `prices` are those of the large clouds, as they were read last. */
export function estimatorWith(parsers: Parsers, tools: EstimateTools, speeds: SpeedOf, prices?: () => readonly ListPrice[] | undefined): Pick<Estimator, 'read' | 'estimate'> {
  const machines = byStep(rememberMachines(tools));
  const speedOf = rememberSpeeds(speeds);
  // Typing changes the text and seldom the workload: while that is the same, so is all that is known of it.
  const same = remembering<Workload>(16);
  return {
    read: async (files, { given, hub }) => {
      const reading = readWorkload(files, parsers, { overrides: overridesOf(given) });
      return withGiven(hub === undefined ? reading : withHub(reading, hub), given);
    },
    estimate: async (reading, offers) => {
      const workload = same(JSON.stringify(reading.workload), () => reading.workload);
      if (workload.work === 'inference') {
        const serve = (machines: readonly Offer[]): readonly ServingEstimate[] => estimateServing(workload, machines, speedOf);
        return { all: [], picks: {}, ranked: [], front: [], elsewhere: servedElsewhere(serve, prices?.()), serving: rankServing(serve(offers)) };
      }
      const all = estimateOffers(workload, offers, machines);
      const ranked = rank(all, 'cost');
      const breakEven = owning(ranked);
      const sure = ranked.filter(({ fit }) => fit.verdict === 'fits');
      return {
        all, picks: picks(all),
        ranked: [...sure, ...ranked.filter(({ fit }) => fit.verdict !== 'fits')],
        front: paretoFront(sure.length > 0 ? sure : ranked),
        ...(breakEven === undefined ? {} : { breakEven }),
        elsewhere: elsewhere((listed) => estimateOffers(workload, listed, machines), prices?.()),
      };
    },
  };
}

/** Machines are known by what a step is alone. */
function byStep(machines: MachineMemory): MachineMemory {
  const steps = new WeakMap<Workload, Workload>();
  const same = remembering<Workload>(16);
  return (workload, offer) => {
    const step = steps.get(workload) ?? remembered(stepOf(workload));
    steps.set(workload, step);
    return machines(step, offer);
  };

  function remembered(step: Workload): Workload {
    return same(JSON.stringify(step), () => step);
  }
}

/** A file that has not changed is not parsed again. */
export function remembered(parsers: Parsers): Parsers {
  const kept = <T>(parse: (text: string) => T): ((text: string) => T) => {
    const known = remembering<T>(64);
    return (text) => known(text, () => parse(text));
  };
  return { python: kept(parsers.python), yaml: kept(parsers.yaml), toml: kept(parsers.toml), json: kept(parsers.json) };
}

/** The values that were asked for last, by their text. */
function remembering<T>(most: number): (key: string, make: () => T) => T {
  const known = new Map<string, { readonly value: T }>();
  return (key, make) => {
    const kept = known.get(key) ?? { value: make() };
    known.delete(key);
    known.set(key, kept);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return kept.value;
  };
}
