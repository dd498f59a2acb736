/**
 * Diffusion models. Parameters are those of the part that is trained, the U-Net or the transformer: text encoders and
 * the autoencoder stay frozen and are often cached.
 */
import { bareModels, type ModelEntry } from './modelEntry.ts';

const blocks = (layers: number, hidden: number, heads: number, ffn = 4 * hidden) => ({ layers, hidden, ffn, heads });

/** Residual and attention blocks of a U-Net, and its multiply-accumulates: most of its parameters work on few pixels. */
const unet = (layers: number, gmacs: number) => ({ layers, gmacs });

export const diffusionModels: readonly ModelEntry[] = bareModels([
  ['CompVis/stable-diffusion-v1-4 stable-diffusion-1-4 sd-v1-4 sd1.4', 859.5, { ...unet(27, 400), resolution: 512 }],
  ['stable-diffusion-v1-5/stable-diffusion-v1-5 stable-diffusion-1-5 stable-diffusion-v1.5 sd-v1-5 sd-1.5 sd15 v1-5-pruned v1-5-pruned-emaonly dreamshaper-8 sd1x', 859.5, { ...unet(27, 400), resolution: 512 }],
  ['stabilityai/stable-diffusion-2-base stable-diffusion-2-1-base v2-1_512-ema-pruned', 865.9, { ...unet(27, 400), resolution: 512 }],
  ['stabilityai/stable-diffusion-2-1 stable-diffusion-2 stable-diffusion-v2 stable-diffusion-v2-1 sd-2.1 sd21 v2-1_768-ema-pruned', 865.9, { ...unet(27, 950), resolution: 768 }],
  ['stabilityai/stable-diffusion-xl-base-1.0 stable-diffusion-xl sdxl sdxl-base sdxl-base-1.0 sdxl-1.0 sd_xl_base_1.0 sd-xl-base sd_xl_base_1.0_0.9vae pony-diffusion-v6-xl illustrious-xl-v1.0 animagine-xl-3.1 noobai-xl', 2567.5, { ...unet(78, 3300), resolution: 1024 }],
  ['segmind/SSD-1B', 1300, { resolution: 1024 }],
  ['stabilityai/stable-diffusion-3-medium stable-diffusion-3-medium-diffusers sd3-medium sd3_medium sd3', 2028.3, { ...blocks(24, 1536, 24), resolution: 1024 }],
  ['stabilityai/stable-diffusion-3.5-medium sd3.5-medium sd3.5_medium', 2470, { ...blocks(24, 1536, 24), resolution: 1024 }],
  ['stabilityai/stable-diffusion-3.5-large sd3.5-large sd3.5_large stable-diffusion-3.5-large-turbo', 8056.6, { ...blocks(38, 2432, 38), resolution: 1024 }],
  ['black-forest-labs/FLUX.1-dev flux1-dev flux-dev flux.1-krea-dev flux.1-kontext-dev flux.1-fill-dev', 11901.4, { ...blocks(57, 3072, 24), resolution: 1024 }],
  ['black-forest-labs/FLUX.1-schnell flux1-schnell flux-schnell', 11891.2, { ...blocks(57, 3072, 24), resolution: 1024 }],
  ['black-forest-labs/FLUX.2-klein-4B flux.2-klein-base-4b flux2-klein-4b flux2-klein-base-4b', 3875.5, { ...blocks(25, 3072, 24, 9216), gated: true, resolution: 1024 }],
  ['black-forest-labs/FLUX.2-dev flux2-dev', 32000, { resolution: 1024 }],
  ['Wan-AI/Wan2.1-T2V-1.3B wan2.1-t2v-1.3b-diffusers wan2.1-1.3b', 1418.9, { ...blocks(30, 1536, 12, 8960), resolution: 480 }],
  ['Wan-AI/Wan2.1-T2V-14B wan2.1-t2v-14b-diffusers wan2.1-14b', 14288.5, { ...blocks(40, 5120, 40, 13824), resolution: 480 }],
  ['Wan-AI/Wan2.1-I2V-14B-480P wan2.1-i2v-14b-480p-diffusers wan2.1-i2v-14b-720p wan2.1-i2v-14b-720p-diffusers', 16395, { ...blocks(40, 5120, 40, 13824), resolution: 480 }],
  ['Qwen/Qwen-Image qwen-image-edit', 20430.4, { ...blocks(60, 3072, 24), resolution: 1024 }],
  ['PixArt-alpha/PixArt-Sigma-XL-2-1024-MS pixart-sigma pixart-sigma-0.6b pixart-alpha pixart-xl-2-1024-ms', 610.9, { ...blocks(28, 1152, 16), resolution: 1024 }],
  ['Kwai-Kolors/Kolors kolors-diffusers kolors-2.6b', 2580, { ...unet(78, 3300), resolution: 1024 }],
  ['fal/AuraFlow auraflow-v0.3 auraflow-v0.2 auraflow-v0.3-6.8b', 6800, { ...blocks(36, 3072, 12, 8192), gated: true, resolution: 1024 }],
  ['Lightricks/LTX-Video ltxvideo ltx-video-0.9.5 ltxvideo-0.9.5-2b', 1923, { ...blocks(28, 2048, 32), resolution: 512 }],
  ['Alpha-VLLM/Lumina-Image-2.0 lumina2 lumina2-2.6b', 2600, { ...blocks(26, 2304, 24, 9216), gated: true, resolution: 1024 }],
  ['tencent/HunyuanVideo hunyuanvideo hunyuan-video', 12821, { ...blocks(60, 3072, 24), resolution: 720 }],
  ['THUDM/CogVideoX-2b', 1690, { ...blocks(30, 1920, 30), resolution: 480 }],
  ['THUDM/CogVideoX-5b', 5570, { ...blocks(42, 3072, 48), resolution: 480 }],
  ['Tongyi-MAI/Z-Image-Turbo z-image z-image-turbo-6b', 6150, { ...blocks(34, 3840, 30, 10240), gated: true, resolution: 1024 }],
  ['lodestones/Chroma chroma1-hd chroma1-base chroma-8.9b', 8900, { ...blocks(57, 3072, 24), resolution: 1024 }],
  ['HiDream-ai/HiDream-I1-Full hidream-i1 hidream-i1-17b', 17000, { resolution: 1024 }],
  ['Efficient-Large-Model/Sana_1600M_1024px sana-1600m', 1604, { ...blocks(20, 2240, 70, 5600), resolution: 1024 }],
]);
