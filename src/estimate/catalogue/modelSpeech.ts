/** Speech models. Layers of Whisper are those of encoder and decoder together. */
import { bareModels, type ModelEntry } from './modelEntry.ts';

const plain = (layers: number, hidden: number, heads: number, vocab?: number) =>
  ({ layers, hidden, ffn: 4 * hidden, gated: false, heads, ...(vocab === undefined ? {} : { vocab, tiedEmbeddings: true }) });

export const speechModels: readonly ModelEntry[] = bareModels([
  ['openai/whisper-tiny', 37.8, plain(8, 384, 6, 51865)],
  ['openai/whisper-base', 72.6, plain(12, 512, 8, 51865)],
  ['openai/whisper-small', 241.7, plain(24, 768, 12, 51865)],
  ['openai/whisper-medium', 763.9, plain(48, 1024, 16, 51865)],
  ['openai/whisper-large whisper-large-v1 whisper-large-v2', 1543.3, plain(64, 1280, 20, 51865)],
  ['openai/whisper-large-v3', 1543.5, plain(64, 1280, 20, 51866)],
  ['openai/whisper-large-v3-turbo whisper-turbo', 808.9, plain(36, 1280, 20, 51866)],
  ['distil-whisper/distil-large-v3 distil-whisper-large-v3', 756.4, plain(34, 1280, 20, 51866)],
  ['distil-whisper/distil-large-v2', 756.2, plain(34, 1280, 20, 51865)],
  ['facebook/wav2vec2-base wav2vec2-base-960h wav2vec2-base-100h', 94.4, plain(12, 768, 12)],
  ['facebook/wav2vec2-large wav2vec2-large-960h wav2vec2-large-960h-lv60 wav2vec2-large-960h-lv60-self wav2vec2-large-lv60 wav2vec2-large-xlsr-53', 315.4, plain(24, 1024, 16)],
  ['facebook/wav2vec2-xls-r-300m', 315.4, plain(24, 1024, 16)],
  ['facebook/wav2vec2-xls-r-1b', 962.5, { layers: 48, hidden: 1280, ffn: 5120, gated: false, heads: 16 }],
  ['facebook/wav2vec2-xls-r-2b', 2159.2, { layers: 48, hidden: 1920, ffn: 7680, gated: false, heads: 16 }],
  ['facebook/mms-1b-all mms-1b mms-1b-fl102', 964.9, { layers: 48, hidden: 1280, ffn: 5120, gated: false, heads: 16 }],
  ['facebook/hubert-base-ls960 hubert-base', 94.4, plain(12, 768, 12)],
  ['facebook/hubert-large-ll60k hubert-large hubert-large-ls960', 315.4, plain(24, 1024, 16)],
  ['microsoft/wavlm-base wavlm-base-plus', 94.4, plain(12, 768, 12)],
  ['microsoft/wavlm-large', 315.5, plain(24, 1024, 16)],
  ['nvidia/tacotron2 tacotron-2', 28.2],
]);
