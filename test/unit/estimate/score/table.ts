/** Tables of published runs for tests: the columns of the reference file. */
export const columns = [
  'id', 'task', 'model', 'params_million', 'active_params_million', 'method', 'seq_len_or_resolution', 'global_batch', 'micro_batch', 'precision',
  'grad_checkpointing', 'parallelism', 'gpu', 'gpu_count', 'tokens_or_samples_total', 'measured_throughput', 'throughput_unit', 'peak_mem_gb', 'source',
  'category', 'notes',
] as const;

export type Cells = Partial<Record<typeof columns[number], string>>;

/** A fine-tune that was measured on one A100. */
export const usual: Cells = {
  id: 'a-1', task: 'sft', model: 'Llama 3.1 8B', params_million: '8030', method: 'lora r16', seq_len_or_resolution: '2048', global_batch: '16', micro_batch: '4',
  precision: 'bf16', grad_checkpointing: 'true', parallelism: 'single', gpu: 'A100 SXM 80GB', gpu_count: '1', measured_throughput: '4000',
  throughput_unit: 'tokens/s', peak_mem_gb: '31.5', source: 'some/one:README.md@abc', category: 'llm_finetune', notes: 'HF; packed',
};

export const csvOf = (rows: readonly Cells[], order: readonly (keyof Cells)[] = columns): string =>
  [order.join(','), ...rows.map((row) => order.map((name) => `"${(row[name] ?? '').replaceAll('"', '""')}"`).join(','))].join('\n');

/** A small world of evidence: three sources, three GPUs, two models, all of one clean law. */
export function world(): Cells[] {
  const speed: Readonly<Record<string, number>> = { 'A100 SXM 80GB': 1, 'H100 SXM 80GB': 2.1, 'L40S': 0.85 };
  const models: Readonly<Record<string, number>> = { 'Llama 3.1 8B': 8030, 'Llama 3.2 3B': 3213 };
  return ['some/one', 'another/two', 'third/three'].flatMap((source, s) => Object.entries(speed).flatMap(([gpu, rate]) => Object.entries(models).map(([model, params], m) => ({
    ...usual, id: `${s}-${gpu}-${m}`, source: `${source}:x.md`, gpu, model, params_million: String(params),
    measured_throughput: String(Math.round(4000 * rate * 8030 / params * (1 + 0.05 * s))),
  }))));
}
