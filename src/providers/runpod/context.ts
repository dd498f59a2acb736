import type { Http } from '../../domain/http.ts';
import type { GpuFacts } from './gpuFacts.ts';

export interface RunpodContext {
  readonly http: Http;
  /** Whether there is a key to sign with; says nothing about whether it is good. */
  readonly signedIn: () => Promise<boolean>;
  readonly facts: GpuFacts;
}
