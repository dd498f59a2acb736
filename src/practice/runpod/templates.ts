// The public templates that matter here: RunPod's own, one nobody can start a pod from, and others by who made them.

export interface PodTemplate {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly args: string;
  readonly disk: number;
  readonly volume: number;
  readonly ports: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly serverless: boolean;
  readonly category: 'CPU' | 'NVIDIA' | 'AMD';
  readonly startSsh: boolean;
  readonly startJupyter: boolean;
}

const official = { args: '', disk: 20, volume: 20, ports: ['8888/http', '22/tcp'], env: {}, serverless: false, category: 'NVIDIA', startSsh: true, startJupyter: true } as const;

export type TemplateSource = 'official' | 'verified' | 'community' | 'own';

export const templates: readonly PodTemplate[] = [
  { ...official, id: 'runpod-torch-v280', name: 'Runpod Pytorch 2.8.0', image: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404' },
  { ...official, id: 'runpod-torch-v21', name: 'Runpod Pytorch 2.1', image: 'runpod/pytorch:2.1.0-py3.10-cuda11.8.0-devel-ubuntu22.04', env: { HF_HUB_ENABLE_HF_TRANSFER: '1', TORCH_HOME: '/workspace/torch' } },
  { ...official, id: 'runpod-ubuntu', name: 'Runpod Ubuntu', image: 'runpod/base:1.0.2-ubuntu2404', category: 'CPU', volume: 0, ports: ['22/tcp'], startJupyter: false },
  { ...official, id: 'runpod-worker-vllm', name: 'vLLM worker', image: 'runpod/worker-v1-vllm:v2.7.0stable', serverless: true, volume: 0, ports: [], startSsh: false, startJupyter: false },
];

const others: readonly (readonly [TemplateSource, PodTemplate])[] = [
  ['verified', { ...official, id: 'cw3nka7d08', name: 'ComfyUI', image: 'runpod/comfyui:latest', ports: ['8188/http', '8080/http', '22/tcp'], volume: 100, disk: 50 }],
  ['community', { ...official, id: 'p1gwzbr1kz', name: 'text-generation tools', image: 'ghcr.io/someone/textgen:1.4', ports: ['7860/http', '22/tcp'], args: 'bash -c "sleep infinity"' }],
  ['own', { ...official, id: 'tplmine0001', name: 'My trainer', image: 'ghcr.io/me/trainer:2', ports: ['6006/http', '22/tcp'], env: { WANDB_MODE: 'offline' }, volume: 60 }],
];

export const templatesFrom = (source: TemplateSource): readonly PodTemplate[] =>
  source === 'official' ? templates : others.filter(([from]) => from === source).map(([, template]) => template);

export function findTemplate(id: string): PodTemplate | undefined {
  return [...templates, ...others.map(([, template]) => template)].find((template) => template.id === id);
}
