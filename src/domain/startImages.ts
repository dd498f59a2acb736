/**
 * Images for what people rent GPUs for, looked up by hand. Every name stands in the provider's or the author's own
 * documentation; where that shows no image that RunPod starts with SSH, there is none here for RunPod.
 */
import type { ProviderId } from './offer.ts';
import type { Start } from './start.ts';

export type StartImageId =
  | 'pytorch' | 'tensorflow' | 'jupyter' | 'codeServer' | 'a1111' | 'comfyui' | 'forge' | 'invokeai' | 'textgen' | 'vllm' | 'ollama' | 'whisper';

export interface StartImage {
  readonly id: StartImageId;
  readonly name: string;
  /** GB of one GPU with which its usual models run well; 0 where that is only the work's own business. */
  readonly vramGb: number;
  /** GB, usual models included. */
  readonly diskGb: number;
  readonly on: Readonly<Partial<Record<ProviderId, StartOn>>>;
  /** Pages that say so, as they were on `read`. */
  readonly sources: readonly string[];
  readonly read: string;
}

export type StartOn = Pick<Start, 'image' | 'ports' | 'command' | 'install'>;

const vastImages = 'https://github.com/vast-ai/base-image';
const runpodImages = 'https://github.com/runpod/containers/blob/main/official-templates/pytorch/README.md';

/**
 * Vast replaces an image's start by its own; this brings up what the image is for. Behind SSH the inner ports are the
 * ones to use: the outer ones want a token.
 */
const onVast = (image: string, ports: readonly number[]): StartOn => ({ image: `vastai/${image}`, ports, command: 'entrypoint.sh' });

/** Vast picks the newest build; for images of tools that it does not vouch for, a tag that its documentation names is better. */
const newest = '@vastai-automatic-tag';

/** RunPod's own PyTorch image starts SSH and carries the guard; tools are installed into it. */
const onRunpod = (ports: readonly number[], install?: string): StartOn => ({
  image: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404', ports, ...(install === undefined ? {} : { install }),
});

/** How much memory models need: those of images by family, those of language by size. */
const byFamily = 'https://invoke-ai.github.io/InvokeAI/installation/requirements';
const byParameters = 'https://raw.githubusercontent.com/microsoft/azure-skills/main/skills/airunway-aks-setup/references/model-sizing.md';

const read = '2026-11-30';

export const startImages: readonly StartImage[] = [
  {
    id: 'pytorch', name: 'PyTorch', vramGb: 0, diskGb: 40,
    on: { vast: { image: `vastai/pytorch:${newest}`, ports: [] }, runpod: onRunpod([]) },
    sources: [`${vastImages}/tree/main/derivatives/pytorch`, runpodImages], read,
  },
  {
    id: 'tensorflow', name: 'TensorFlow', vramGb: 0, diskGb: 40,
    on: { vast: onVast('tensorflow:2.16.1-cuda-12.4.1', [16006]), runpod: onRunpod([6006], "python3 -m pip install 'tensorflow[and-cuda]'") },
    sources: [`${vastImages}/tree/main/derivatives/tensorflow`, `${vastImages}/blob/main/derivatives/tensorflow/README.build.md`, 'https://github.com/tensorflow/docs/blob/master/site/en/install/pip.md', runpodImages], read,
  },
  {
    id: 'jupyter', name: 'Jupyter', vramGb: 0, diskGb: 40,
    on: { vast: onVast(`pytorch:${newest}`, [18080]), runpod: onRunpod([]) },
    sources: [vastImages, 'https://github.com/runpod/containers/blob/main/official-templates/base/README.md'], read,
  },
  {
    id: 'codeServer', name: 'code-server', vramGb: 0, diskGb: 40,
    on: {
      vast: { image: `vastai/pytorch:${newest}`, ports: [8080], install: 'curl -fsSL https://code-server.dev/install.sh | sh' },
      runpod: onRunpod([8080], 'curl -fsSL https://code-server.dev/install.sh | sh'),
    },
    sources: ['https://raw.githubusercontent.com/cdr/code-server/master/install.sh', `${vastImages}/tree/main/derivatives/pytorch`, runpodImages], read,
  },
  {
    id: 'a1111', name: 'Stable Diffusion WebUI', vramGb: 8, diskGb: 60,
    on: { vast: onVast(`a1111:${newest}`, [17860]) },
    sources: [`${vastImages}/tree/main/derivatives/pytorch/derivatives/a1111`, byFamily], read,
  },
  {
    id: 'comfyui', name: 'ComfyUI', vramGb: 12, diskGb: 80,
    on: { vast: onVast('comfy:v0.22.0-cuda-12.9-py312', [18188]), runpod: { image: 'runpod/comfyui:latest', ports: [8188] } },
    sources: [
      `${vastImages}/tree/main/derivatives/pytorch/derivatives/comfyui`, `${vastImages}/blob/main/.github/workflows/build-comfyui.yml`,
      `${vastImages}/blob/main/docs/adr/0011-recommended-template-format-and-dogfood-publish.md`,
      'https://docs.runpod.io/tutorials/pods/comfyui', 'https://github.com/runpod-workers/comfyui-base', byFamily,
    ], read,
  },
  {
    id: 'forge', name: 'Stable Diffusion WebUI Forge', vramGb: 12, diskGb: 80,
    on: { vast: onVast(`forge:${newest}`, [17860]) },
    sources: [`${vastImages}/tree/main/derivatives/pytorch/derivatives/sd-forge`, byFamily], read,
  },
  {
    id: 'invokeai', name: 'InvokeAI', vramGb: 8, diskGb: 110,
    on: { vast: onVast('invokeai:6.10.0-cuda-12.9-py312', [19000]) },
    sources: [`${vastImages}/tree/main/derivatives/pytorch/derivatives/invokeai`, byFamily], read,
  },
  {
    id: 'textgen', name: 'text-generation-webui', vramGb: 8, diskGb: 80,
    on: { vast: onVast(`oobabooga:${newest}`, [17860, 15000]) },
    sources: [`${vastImages}/tree/main/derivatives/pytorch/derivatives/oobabooga`, byParameters], read,
  },
  {
    id: 'vllm', name: 'vLLM', vramGb: 24, diskGb: 80,
    on: { vast: onVast('vllm:v0.25.1-cuda-12.9', [18000, 17860]), runpod: onRunpod([8000], 'pip install vllm') },
    sources: [`${vastImages}/tree/main/external/vllm`, `${vastImages}/blob/main/docs/redteam/2026-07-20-pr220-stall-offer-scoring/cadence-trace-findings.md`, 'https://docs.vllm.ai/en/latest/getting_started/quickstart/', byParameters, runpodImages], read,
  },
  {
    id: 'ollama', name: 'Ollama', vramGb: 8, diskGb: 60,
    on: { vast: onVast('ollama:0.15.2', [21434, 17860]), runpod: onRunpod([11434], 'curl -fsSL https://ollama.com/install.sh | sh') },
    sources: [`${vastImages}/tree/main/external/ollama`, 'https://docs.runpod.io/tutorials/pods/run-ollama', byParameters, runpodImages], read,
  },
  {
    id: 'whisper', name: 'Whisper', vramGb: 10, diskGb: 40,
    on: { vast: onVast('whisper:1.0.8-cuda-12.9-py312', [7860, 8000]), runpod: onRunpod([], 'pip install -U openai-whisper') },
    sources: [`${vastImages}/tree/main/derivatives/pytorch/derivatives/whisper`, `${vastImages}/blob/main/.github/workflows/build-whisper.yml`, 'https://github.com/openai/whisper', runpodImages], read,
  },
];

export interface FittingImage {
  readonly image: StartImage;
  readonly start: Start;
}

/** Those that the provider has and whose usual models fit into one of the offer's GPUs. */
export function imagesFor(provider: ProviderId, vramGb: number): FittingImage[] {
  return startImages.flatMap((image) => {
    const on = image.on[provider];
    if (on === undefined || image.vramGb > vramGb) return [];
    return [{ image, start: { ...on, name: image.name } }];
  });
}
