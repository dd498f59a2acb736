/**
 * What the catalogue said about GPU types, kept because a pod names its type and nothing else:
 * neither the memory of its GPU nor, while it is stopped, the rate it would run at.
 */
import type { UsdPerHour } from '../../domain/money.ts';
import type { Cloud } from './offerKey.ts';

export interface GpuFact {
  readonly memoryGb: number;
  readonly price: Readonly<Partial<Record<Cloud, UsdPerHour>>>;
}

export class GpuFacts {
  readonly #byType = new Map<string, GpuFact>();
  /** When a pod's unknown type last made us ask; a type that the catalogue lacks must not make us ask at every refresh. */
  askedAt = -Infinity;

  learn(gpuTypeId: string, fact: GpuFact): void {
    this.#byType.set(gpuTypeId, fact);
  }

  of(gpuTypeId: string): GpuFact | undefined {
    return this.#byType.get(gpuTypeId);
  }
}
