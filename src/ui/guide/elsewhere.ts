import type { InferenceDoor } from '../../domain/inferenceDoor.ts';
import type { CloudPrices } from '../../services/cloudPrices.ts';

/** What is known of those that nothing is rented from here. Read when somebody asks for it. */
export interface Elsewhere {
  /** Loaded with what was kept. */
  prices(): Promise<CloudPrices>;
  gpuflow(): Promise<InferenceDoor>;
}
