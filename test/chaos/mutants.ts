/** A change of the source; its place must be found exactly once. */
export interface Place {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Bugs that cost money, planted one at a time. */
export interface Mutant extends Place {
  readonly name: string;
  /** What would hold it back all the same, and has to go with it. */
  readonly also?: Place;
}

const rentals = 'src/services/rentals.ts';
const creating = 'src/services/creating.ts';
const ending = 'src/services/ending.ts';
const reconcile = 'src/domain/reconcile.ts';
const reconciler = 'src/services/reconciler.ts';
const journal = 'src/store/journal.ts';
const model = 'src/guard/model.ts';

export const mutants: readonly Mutant[] = [
  {
    name: 'a create is repeated by HTTP',
    file: 'src/providers/http/retry.ts',
    find: "case 'never':\n      return false;",
    replace: "case 'never':\n      return status === undefined || passing.includes(status);",
  },
  {
    name: 'a create is sent again when its answer is lost',
    file: creating,
    find: 'key = await provider.create(orderOf(provider, creation));',
    replace: 'key = await provider.create(orderOf(provider, creation)).catch(() => provider.create(orderOf(provider, creation)));',
  },
  {
    name: 'the journal hears of a create only when it is answered',
    file: creating,
    find: "if (!store.mark(launch.id, 'sent'))",
    replace: 'if (launch.id === "")',
  },
  {
    name: 'renting goes on without a journal',
    file: 'src/store/sql.ts',
    find: 'return guarded(() => Number(this.#statement(sql).run(...values).changes));',
    replace: 'try { return Number(this.#statement(sql).run(...values).changes); } catch { return 1; }',
  },
  {
    name: 'two clicks are two wishes',
    file: journal,
    find: 'if (rival) throw',
    replace: 'if (rival && launch.id === "") throw',
  },
  {
    name: 'the create carries no label',
    file: 'src/providers/vast/create.ts',
    find: '    label,\n',
    replace: "    label: 'rented',\n",
  },
  {
    name: 'the create carries no guard',
    file: creating,
    find: 'traits.carriesGuard(image) ?',
    replace: 'traits.carriesGuard(image) && launch.id === "" ?',
  },
  {
    name: 'a lost create is called not made at once',
    file: reconcile,
    find: 'const giveUpMs = 15 * 60_000;\nconst giveUpAfter = 5;',
    replace: 'const giveUpMs = 0;\nconst giveUpAfter = 1;',
  },
  {
    name: 'the price is not compared with the quote',
    file: 'src/services/readiness.ts',
    find: 'if (dearerThanAgreed(agreed, seen.rates.running))',
    replace: 'if (dearerThanAgreed(seen.rates.running, agreed))',
  },
  {
    name: 'the end of a machine is not written down',
    file: ending,
    find: "else store.mark(launchId, 'ending', id);",
    replace: 'else void 0;',
  },
  {
    name: 'an end that was not carried out is not asked for again',
    file: reconcile,
    find: "    // We ended it, or told the person that it never came to be: whatever shows up late is ended.\n    case 'ending':",
    replace: "    case 'ending':\n      return [];\n    case 'intent' as never:",
  },
  {
    name: 'an accepted destroy is called gone',
    file: ending,
    find: '  await provider.destroy(key);\n',
    replace: "  await provider.destroy(key);\n  fleet.forget(id, meter.providerNow());\n  return 'gone';\n",
  },
  {
    name: 'a second machine of one create is let live',
    file: reconcile,
    find: 'const extras = labelled.filter((machine) => machine !== mine).map(extra);',
    replace: 'const extras: Decision[] = [];',
  },
  {
    name: 'whatever carries our prefix is ended',
    file: reconcile,
    find: 'return evidence.launches.flatMap((launch) => decide(launch, found.get(launch.id) ?? [], evidence));',
    replace: "const strays = evidence.listing.instances.filter(({ label }) => label.startsWith('gpu-rental-') && !evidence.launches.some(({ id }) => id === label));\n  return [...strays.map(extra), ...evidence.launches.flatMap((launch) => decide(launch, found.get(launch.id) ?? [], evidence))];",
  },
  {
    name: 'a stop is not written down',
    file: rentals,
    find: "if (launch) this.#deps.store.mark(launch.id, 'stopping');",
    replace: 'if (launch) void 0;',
  },
  {
    name: 'a stop that was not carried out is not asked for again',
    file: reconcile,
    find: "return mine.state === 'stopping' ? [] : [{ do: 'stop', launch, instanceId: mine.id }];",
    replace: 'return [];',
  },
  {
    name: 'a renewal is lost',
    file: journal,
    find: "UPDATE launch SET quote = json_set(quote, '$.limits', json(?)) WHERE id = ?",
    replace: "UPDATE launch SET quote = json_set(quote, '$.limits', json_extract(quote, '$.limits')) WHERE ? <> '' AND id = ?",
  },
  {
    name: "the provider's charges are not taken over",
    file: 'src/services/charges.ts',
    find: 'if (open === undefined || open >= until) continue;',
    replace: 'if (open !== undefined || until > 0) continue;',
  },
  {
    name: 'a launch can go back in the journal',
    file: journal,
    find: 'const from = predecessors(state);',
    replace: "const from = ['intent', 'sent', 'refused', 'uncertain', 'notCreated', 'created', 'ready', 'stopping', 'stopped', 'ending', 'gone'];",
  },
  {
    name: 'a guard does not see its deadline',
    file: model,
    find: "if (bound && wall >= kept.deadline) return end('deadline');",
    replace: '',
  },
  {
    name: 'a guard does not count its budget',
    file: model,
    find: "if (bound && spentBy(config, kept) >= kept.budget) return end('budget');",
    replace: '',
  },
  {
    name: 'a wrongly empty list is believed',
    file: reconciler,
    find: 'if (found === undefined && absence !== undefined) return fleet.forget(instanceId, absence.since, absence.last);',
    replace: 'if (absence !== undefined) return fleet.forget(instanceId, absence.since, absence.last);',
  },
  {
    name: 'absence right after a create is believed',
    file: reconcile,
    find: 'const late = !wasSeen(instanceId) && absent.last - absent.since < listLagMs;',
    replace: 'const late = false;',
  },
  {
    name: '404 read as gone',
    file: 'src/services/readiness.ts',
    find: 'if (found) deps.fleet.see(found.instance, found.at);',
    replace: 'if (found) deps.fleet.see(found.instance, found.at);\n      else deps.fleet.forget(id, deps.clock.now());',
  },
  {
    name: 'a look from before a machine went brings it back',
    file: 'src/store/sightings.ts',
    find: 'WHERE excluded.at_ms > at_ms OR (departed = 0 AND excluded.at_ms = at_ms)',
    replace: '',
  },
  {
    name: 'a window that was replaced acts on what it saw before',
    file: 'src/store/holders.ts',
    find: 'return current !== undefined && same(current, holding);',
    replace: 'return current !== undefined;',
    // What it saw before it slept, the door refuses by its age.
    also: { file: 'src/providers/http/http.ts', find: 'clock.now() - from > longestFlightMs(request)', replace: 'false' },
  },
];
