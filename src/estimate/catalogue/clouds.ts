/** The clouds of our price list, and what the names of their machines tell. */
import type { ListedCloud } from '../../domain/cloudPrice.ts';

export type Cloud = ListedCloud | 'lambda';

/** AWS counts in steps of four: `xlarge` is one, `12xlarge` are twelve. */
const awsStep = 4;

/** `g2-standard-8` has 8, `Standard_NC24ads_A100_v4` has 24, `p5.48xlarge` has 192; `a2-highgpu-1g` does not say. */
export function vcpusInName(cloud: Cloud, instance: string): number | undefined {
  switch (cloud) {
    case 'aws': {
      const steps = /^[a-z][\w-]*\.(\d*)xlarge$/.exec(instance)?.[1];
      return steps === undefined ? undefined : awsStep * (steps === '' ? 1 : Number(steps));
    }
    case 'azure':
      return numberIn(/^Standard_[A-Z]+(\d+)/.exec(instance)?.[1]);
    case 'gcp':
      return numberIn(/-(?:standard|highmem|highcpu)-(\d+)$/.exec(instance)?.[1]);
    case 'lambda':
      return undefined;
  }
}

const numberIn = (digits: string | undefined): number | undefined => (digits === undefined ? undefined : Number(digits));
