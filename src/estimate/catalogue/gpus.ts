import { gpuName } from '../../domain/gpu.ts';
import type { Gpu } from '../machine.ts';
import { type GpuRow, gpuTable } from './gpuTable.ts';

/**
 * What a card can do, by whatever name a provider, a driver or a published run gives it. `A100` and `H100` alone
 * mean the SXM form (and 80 GB where the memory is not said), the form that most of them are rented in.
 */
type OptionalRate = 'tensorTflops' | 'fp8Tflops' | 'measuredTflops' | 'nvlinkGbPerS' | 'watts' | 'year';

const optional = (key: OptionalRate, value: number): { readonly [Key in OptionalRate]?: number } => value === 0 ? {} : { [key]: value };

const gpuOf = (architecture: string, [name, vramGb, bandwidthGbPerS, fp32Tflops, tensor, fp8, measured, nvlink, watts, year]: GpuRow): Gpu => ({
  name, vramGb, bandwidthGbPerS, fp32Tflops, architecture,
  ...optional('tensorTflops', tensor),
  ...optional('fp8Tflops', fp8),
  ...optional('measuredTflops', measured),
  ...optional('nvlinkGbPerS', nvlink),
  ...optional('watts', watts),
  ...optional('year', year),
});

export const knownGpus: readonly Gpu[] = Object.entries(gpuTable)
  .flatMap(([architecture, rows]) => rows.map((row) => gpuOf(architecture, row)));

const keyOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Names for a card that stands in the table under another one. The H800 and GB300 differ in links and memory only. */
const otherNames = new Map(Object.entries({
  a100: 'A100 SXM', a100sxm4: 'A100 SXM', a800: 'A800 PCIe', a800sxm: 'A100 SXM',
  h100: 'H100 SXM', h100sxm5: 'H100 SXM', h100hbm3: 'H100 SXM', h100pcie5: 'H100 PCIe', h800: 'H100 SXM', h800sxm: 'H100 SXM', h800pcie: 'H100 PCIe',
  h200sxm: 'H200', h200sxm5: 'H200', b200sxm: 'B200', b300sxm: 'B300', gb200pergpu: 'GB200', gb300: 'B300', gh200sxm: 'GH200',
  v100sxm: 'V100', v100sxm2: 'V100', v100sxm3: 'V100', p100pcie: 'P100', a30pcie: 'A30', a40pcie: 'A40', a10pcie: 'A10', l4pcie: 'L4',
  a16pergpuof4: 'A16', mi250x2gcd: 'MI250X', mi2502gcd: 'MI250', mi300xoam: 'MI300X',
  quadrortx8000passive: 'Quadro RTX 8000', quadrortx6000passive: 'Quadro RTX 6000', rtx8000: 'Quadro RTX 8000', p4000: 'Quadro P4000',
  rtxpro6000: 'RTX PRO 6000 WS', gtxtitanxp: 'TITAN Xp',
}));

const cardsOfKey = Map.groupBy(knownGpus, ({ name }) => keyOf(name));

const memoryInName = /(?<![.\w])(\d+) ?GB\b/i;

interface NamedCards { readonly cards: readonly Gpu[]; readonly gbInName: number | undefined }

function cardsNamed(name: string): NamedCards {
  const gb = memoryInName.exec(name)?.[1] ?? /-(\d+)GB\b/i.exec(name)?.[1];
  // Half of the V100 that are rented are PCIe cards, but our name for them says nothing of the form.
  const bare = /^V100$/.test(gpuName(name)) && /pcie/i.test(name) ? 'V100 PCIe' : gpuName(gpuName(name).replace(memoryInName, ' '));
  const key = keyOf(bare);
  const keys = [key, keyOf(otherNames.get(key) ?? ''), ...(/^\d/.test(key) ? [`rtx${key}`, `gtx${key}`] : [])];
  const cards = keys.map((each) => cardsOfKey.get(each)).find((each) => each !== undefined) ?? [];
  return { cards, gbInName: gb === undefined ? undefined : Number(gb) };
}

/** Drivers and error correction hide up to a tenth: an H200 shows 143 GB or 130, a B300 270 of its 288. */
const sameMemory = (card: Gpu, gb: number): boolean => gb > card.vramGb * 0.88 && gb < card.vramGb * 1.08;

const distance = (card: Gpu, gb: number): number => Math.abs(Math.log(card.vramGb / gb));

/**
 * The card of that name, and of that memory where it is given. A card with more memory than was ever sold (RTX 4090
 * with 48 GB) is a rebuilt one: the same chip. With less it is a slice or a cut-down card, so undefined.
 */
export function findGpu(name: string, vramGb?: number): Gpu | undefined {
  const { cards, gbInName } = cardsNamed(name);
  const [usual] = cards;
  if (usual === undefined) return undefined;
  if (vramGb === undefined) return cards.find((card) => gbInName !== undefined && sameMemory(card, gbInName)) ?? usual;
  const same = cards.filter((card) => sameMemory(card, vramGb)).toSorted((a, b) => distance(a, vramGb) - distance(b, vramGb))[0];
  if (same !== undefined) return same;
  const most = cards.reduce((a, b) => b.vramGb > a.vramGb ? b : a);
  return vramGb > most.vramGb ? { ...most, vramGb } : undefined;
}

/** `RTX 40`, `RTX A`, `RTX PRO`, `GTX 16`, `MI`, `H`: what cards of one generation and market share. */
const familyOf = (name: string): string =>
  /^(?:RTX PRO|(?:RTX|GTX) \d\d(?=\d\d\b)|RTX A|Quadro(?: RTX)?|TITAN|MI|[A-Z]+)/.exec(name)?.[0] ?? '';

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** How many known cards a guess rests on. */
const neighbours = 3;

/**
 * The known card, else a guess from the known cards that are nearest in family and memory, with the architecture
 * `unknown`, so that whoever shows the figures can say that they rest on a guess. Less memory than a known card of
 * that name is a slice or a cut-down card: about that share of its rates too.
 */
export function gpuFromOffer(name: string, vramGb: number): Gpu {
  const known = findGpu(name, vramGb);
  if (known !== undefined) return known;
  const ourName = gpuName(name);
  const smallest = cardsNamed(name).cards.toSorted((a, b) => a.vramGb - b.vramGb).find((card) => card.vramGb > vramGb);
  const family = knownGpus.filter((card) => familyOf(card.name) === familyOf(ourName));
  const near = (family.length > 0 ? family : knownGpus).toSorted((a, b) => distance(a, vramGb) - distance(b, vramGb)).slice(0, neighbours);
  const like = smallest === undefined ? near : [smallest];
  const share = smallest === undefined ? 1 : vramGb / smallest.vramGb;
  const middle = (pick: (card: Gpu) => number | undefined): number => share * median(like.map((card) => pick(card) ?? 0));
  return {
    name: ourName,
    vramGb,
    bandwidthGbPerS: middle((card) => card.bandwidthGbPerS),
    fp32Tflops: middle((card) => card.fp32Tflops),
    architecture: 'unknown',
    ...optional('tensorTflops', middle((card) => card.tensorTflops)),
    ...optional('fp8Tflops', middle((card) => card.fp8Tflops)),
  };
}

/** Before Ampere bfloat16 runs without tensor cores: scripts that ask for it fall back to float16 or crawl. */
export const hasBf16 = ({ architecture }: Gpu): boolean => !['Turing', 'Volta', 'Pascal'].includes(architecture);

/** The rate of large 16-bit matrix products that training really sees; about 0.85 of the data sheet where nobody measured. */
export const matmulTflops = (gpu: Gpu): number => gpu.measuredTflops ?? 0.85 * (gpu.tensorTflops ?? gpu.fp32Tflops);

/** GDDR cards reach a larger share of their bandwidth in small reads than HBM cards do. */
export const hasHbm = ({ name, architecture }: Gpu): boolean =>
  ['Hopper', 'Blackwell', 'Blackwell Ultra', 'CDNA', 'CDNA2', 'CDNA3', 'CDNA4', 'Volta'].includes(architecture) || /^(?:A100|A800|A30|P100)/.test(name);
