/**
 * How long the panel takes to follow a changed fact: `node test/bench/recompute.ts [--offers N] [--json]`. A market with
 * every card that can train, hosts that differ in all they state, and one script. What is counted is what the extension does
 * between the answer and the new figures: reading, estimating and ranking. Figures are medians in milliseconds; `cpu`
 * is what it took of one core, whatever else the machine does.
 */
import { parseArgs } from 'node:util';
import type { OfferId } from '../../src/domain/offer.ts';
import { knownGpus } from '../../src/estimate/catalogue/gpus.ts';
import type { FactName } from '../../src/estimate/facts.ts';
import { loadEstimating } from '../../src/learning.ts';
import { offer } from '../fakes/offers.ts';

const script = `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
from datasets import load_dataset
model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-0.5B", torch_dtype="bfloat16")
data = load_dataset("tatsu-lab/alpaca", split="train")
args = TrainingArguments(output_dir="out", num_train_epochs=2, per_device_train_batch_size=4, bf16=True)
Trainer(model=model, args=args, train_dataset=data).train()
`;

const { values } = parseArgs({ options: { offers: { type: 'string', default: '2000' }, json: { type: 'boolean', default: false } } });
/** The same market every time. */
let state = 7;
const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
const pick = <T>(of: readonly T[], otherwise: T): T => of[Math.floor(random() * of.length)] ?? otherwise;

const cards = knownGpus.filter(({ tensorTflops, year = 0 }) => tensorTflops !== undefined && year >= 2018).slice(0, 45);
const [usual] = cards;
if (usual === undefined) throw new Error('the table of cards is empty');
const market = Array.from({ length: Number(values.offers) }, (_, index) => {
  const { name, vramGb } = pick(cards, usual);
  return offer({
    id: `vast:${index}` as OfferId, gpu: name, vramGb, gpuCount: pick([1, 1, 1, 1, 2, 4, 8], 1), gpuUsd: 0.1 + 3 * random(),
    kind: random() < 0.3 ? 'interruptible' : 'on-demand', reliability: 0.9 + random() / 10,
    details: { cpuCores: 1 + Math.floor(128 * random()), pcieGbPerS: 2 + 50 * random(), downMbps: 100 + 5000 * random(), upMbps: 100 + 3000 * random(), diskMbPerS: 500 + 5000 * random() },
  });
});

const estimator = await loadEstimating({
  log: { lines: () => Promise.resolve([]), append: () => Promise.resolve() },
  hub: { config: () => Promise.resolve(undefined), splits: () => Promise.resolve(undefined) },
  now: Date.now,
});
const files = [{ path: 'train.py', text: script }];
const rounds = 15;
/** The first of each kind warm caches and the compiler. */
const warm = 3;

async function measure(name: FactName, valueAt: (round: number) => number): Promise<{ readonly wall: number; readonly cpu: number }> {
  const taken: { readonly wall: number; readonly cpu: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const [from, used] = [performance.now(), process.cpuUsage()];
    await estimator.estimate(await estimator.read(files, { given: new Map([[name, valueAt(round)]]) }), market);
    const { user, system } = process.cpuUsage(used);
    taken.push({ wall: performance.now() - from, cpu: (user + system) / 1000 });
  }
  const median = (of: (one: (typeof taken)[number]) => number): number => Number((taken.slice(warm).map(of).toSorted((a, b) => a - b)[Math.floor((rounds - warm) / 2)] ?? NaN).toFixed(1));
  return { wall: median(({ wall }) => wall), cpu: median(({ cpu }) => cpu) };
}

const figures = {
  offers: market.length, cards: cards.length,
  batch: await measure('microBatch', (round) => 5 + round), length: await measure('seqLen', (round) => 300 + round), epochs: await measure('epochs', (round) => 3 + round),
};
process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : `${Object.entries(figures).map(([name, value]) => `${name}: ${typeof value === 'number' ? value : `${value.wall} ms, ${value.cpu} ms of a core`}`).join('\n')}\n`);
