/** Who said it, and when. */
export interface Source {
  readonly name: string;
  /** Year-month-day. */
  readonly date: string;
}

export const comparison: Source = { name: 'RunPod vs Vast.ai: Complete Comparison for AI Developers', date: '2026-02-12' };
export const inference: Source = { name: 'RunPod vs. Vast.ai: Benchmarking de Inferencia de LLM', date: '2026-02-12' };
