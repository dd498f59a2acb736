/** What the guide tells of each provider: who is in it, about what, and where every word comes from. */
export const guideColumns = ['vast', 'runpod', 'lambda', 'gpuflow', 'clouds'] as const;
/** `clouds` are AWS, Azure and Google Cloud, of which the articles speak as one. */
export type GuideColumn = (typeof guideColumns)[number];

export const guideTopics = [
  'what', 'tiers', 'price', 'billing', 'stopped', 'storage', 'traffic', 'payment', 'deposit', 'empty', 'identity',
  'reliability', 'interruption', 'several', 'limits', 'access', 'templates', 'support',
] as const;
export type GuideTopic = (typeof guideTopics)[number];

export interface GuideSource {
  readonly name: string;
  /** The day of what was read, as exactly as it is known: `2026-08-07`, `2024-10` or `2026`. */
  readonly asOf: string;
}

export interface GuideCell {
  readonly column: GuideColumn;
  readonly topic: GuideTopic;
  readonly text: string;
  readonly source: GuideSource;
  /** What one of the articles says instead, where today's source contradicts it. */
  readonly articleSaid?: string;
}

export const guideSources = {
  comparison: { name: 'GPUFlow, RunPod vs Vast.ai', asOf: '2026-02-12' },
  inference: { name: 'RunPod vs. Vast.ai: inferencia de LLM', asOf: '2026-02-12' },
  vastBilling: { name: 'vast-ai/docs, billing', asOf: '2026-08-07' },
  vastDocs: { name: 'vast-ai/docs', asOf: '2026-08-07' },
  vastApi: { name: 'vast-ai/docs, OpenAPI', asOf: '2026-08-07' },
  runpodBilling: { name: 'runpod/docs, billing', asOf: '2026-08-20' },
  runpodDocs: { name: 'runpod/docs', asOf: '2026-08-20' },
  runpodPrices: { name: 'runpod prices, tardellirs/gpu-pricing', asOf: '2026-05-24' },
  lambdaDocs: { name: 'Lambda docs, billing and file systems', asOf: '2024-10' },
  lambdaApi: { name: 'Lambda Cloud OpenAPI 1.10.0', asOf: '2026' },
  skypilot: { name: 'SkyPilot 1.0.0-dev0', asOf: '2026-05' },
  skypilotCatalog: { name: 'skypilot-catalog', asOf: '2026-07' },
  gpuflowDocs: { name: 'kixago/gpuflow-docs, renters', asOf: '2026' },
  googleDocs: { name: 'docs.cloud.google.com, stop an instance', asOf: '2026-11-30' },
  awsPrices: { name: 'karpenter-provider-aws', asOf: '2026-07-20' },
  gcpPrices: { name: 'karpenter-provider-gcp', asOf: '2026-08-03' },
} as const satisfies Readonly<Record<string, GuideSource>>;

/** How one of the articles' figures stands against what lists and documents say since. */
export const verdicts = ['holds', 'outdated', 'wrong', 'plausible', 'unconfirmed', 'notComparable', 'depends'] as const;
export type Verdict = (typeof verdicts)[number];

export interface ArticleClaim {
  readonly what: string;
  readonly said: string;
  readonly today: string;
  readonly source: GuideSource;
  readonly verdict: Verdict;
}

/** What can be done at a provider from here. */
export const capabilities = ['offers', 'rent', 'workspace', 'stop', 'interruptible', 'guard', 'volumes', 'books'] as const;
export type Capability = (typeof capabilities)[number];

const everything: readonly Capability[] = capabilities;
/** Its machines know no stop, end only when somebody asks for it, and have no ledger to settle with. */
const lambdaCan: readonly Capability[] = ['offers', 'rent', 'workspace'];

/** RunPod takes its interruptible machines back; Lambda counts where this version rents there. */
export function capabilitiesOf(column: GuideColumn, rentable: readonly string[]): readonly Capability[] {
  if (!rentable.includes(column)) return [];
  switch (column) {
    case 'vast': return everything;
    case 'runpod': return everything.filter((one) => one !== 'interruptible');
    case 'lambda': return lambdaCan;
    case 'gpuflow':
    case 'clouds': return [];
  }
}
