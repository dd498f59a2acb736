import type { StartImageId } from '../../domain/startImages.ts';
import type { Translate } from '../voice.ts';

/** What a curated image is for, in one sentence. */
export function imageWords(id: StartImageId, t: Translate): string {
  switch (id) {
    case 'pytorch':
      return t('Training and inference in Python, with CUDA set up.');
    case 'tensorflow':
      return t('TensorFlow with CUDA, and TensorBoard.');
    case 'jupyter':
      return t('Notebooks in the browser, with PyTorch.');
    case 'codeServer':
      return t('VS Code in the browser, on the machine itself.');
    case 'a1111':
      return t('Images from text, the classic interface with the most extensions.');
    case 'comfyui':
      return t('Images and video as a graph of nodes.');
    case 'forge':
      return t('Images from text, faster and with less memory than the classic one.');
    case 'invokeai':
      return t('Images on a canvas, for illustrators.');
    case 'textgen':
      return t('Chat with language models, many loaders and formats.');
    case 'vllm':
      return t('Serves language models fast, behind an OpenAI-compatible API.');
    case 'ollama':
      return t('Runs language models by name, quantised to fit.');
    case 'whisper':
      return t('Text from speech.');
  }
}
