/** Encoders and encoder-decoders for text. Layers of an encoder-decoder are those of both halves together. */
import { bareModels, type ModelEntry, transformers } from './modelEntry.ts';

const plain = transformers({ gated: false, tied: true }, [
  ['google-bert/bert-base-uncased bert-base', 109.5, 12, 768, 3072, 12, 12, 30522],
  ['google-bert/bert-base-cased dslim/bert-base-ner dmis-lab/biobert-base-cased biobert-base-cased-v1.2 biobert-v1.1', 108.3, 12, 768, 3072, 12, 12, 28996],
  ['google-bert/bert-large-uncased bert-large bert-large-uncased-whole-word-masking', 335.1, 24, 1024, 4096, 16, 16, 30522],
  ['google-bert/bert-large-cased bert-large-cased-whole-word-masking', 333.6, 24, 1024, 4096, 16, 16, 28996],
  ['google-bert/bert-base-multilingual-cased', 177.9, 12, 768, 3072, 12, 12, 119547],
  ['google-bert/bert-base-multilingual-uncased', 167.4, 12, 768, 3072, 12, 12, 105879],
  ['google-bert/bert-base-chinese', 102.3, 12, 768, 3072, 12, 12, 21128],
  ['distilbert/distilbert-base-uncased distilbert-base-uncased-finetuned-sst-2-english', 66.4, 6, 768, 3072, 12, 12, 30522],
  ['distilbert/distilbert-base-cased', 65.2, 6, 768, 3072, 12, 12, 28996],
  ['distilbert/distilbert-base-multilingual-cased', 134.7, 6, 768, 3072, 12, 12, 119547],
  ['FacebookAI/roberta-base twitter-roberta-base codebert-base graphcodebert-base', 124.6, 12, 768, 3072, 12, 12, 50265],
  ['FacebookAI/roberta-large', 355.4, 24, 1024, 4096, 16, 16, 50265],
  ['distilbert/distilroberta-base', 82.1, 6, 768, 3072, 12, 12, 50265],
  ['FacebookAI/xlm-roberta-base multilingual-e5-base', 278, 12, 768, 3072, 12, 12, 250002],
  ['FacebookAI/xlm-roberta-large multilingual-e5-large', 559.9, 24, 1024, 4096, 16, 16, 250002],
  ['microsoft/deberta-v3-xsmall', 70.7, 12, 384, 1536, 6, 6, 128100],
  ['microsoft/deberta-v3-small', 141.3, 6, 768, 3072, 12, 12, 128100],
  ['microsoft/deberta-v3-base', 183.8, 12, 768, 3072, 12, 12, 128100],
  ['microsoft/deberta-v3-large', 434, 24, 1024, 4096, 16, 16, 128100],
  ['google/electra-base-discriminator electra-base', 108.9, 12, 768, 3072, 12, 12, 30522],
  ['google/electra-large-discriminator electra-large', 334.1, 24, 1024, 4096, 16, 16, 30522],
  ['sentence-transformers/all-MiniLM-L6-v2 all-minilm-l6', 22.7, 6, 384, 1536, 12, 12, 30522],
  ['sentence-transformers/all-MiniLM-L12-v2 all-minilm-l12', 33.4, 12, 384, 1536, 12, 12, 30522],
  ['sentence-transformers/all-mpnet-base-v2 mpnet-base microsoft/mpnet-base', 109.5, 12, 768, 3072, 12, 12, 30527],
  ['BAAI/bge-small-en-v1.5 bge-small-en', 33.4, 12, 384, 1536, 12, 12, 30522],
  ['BAAI/bge-base-en-v1.5 bge-base-en e5-base e5-base-v2 gte-base', 109.5, 12, 768, 3072, 12, 12, 30522],
  ['BAAI/bge-large-en-v1.5 bge-large-en e5-large e5-large-v2 gte-large', 335.1, 24, 1024, 4096, 16, 16, 30522],
  ['BAAI/bge-m3', 567.8, 24, 1024, 4096, 16, 16, 250002],
]);

const gated = transformers({ gated: true, tied: true }, [
  ['answerdotai/ModernBERT-base gte-modernbert-base', 149, 22, 768, 1152, 12, 12, 50368],
  ['answerdotai/ModernBERT-large', 394.8, 28, 1024, 2624, 16, 16, 50368],
]);

// Relative positions double a layer's attention in the first DeBERTa line; ALBERT shares one layer: no formula here.
const bare = bareModels([
  ['microsoft/deberta-base', 138.6, { layers: 12, hidden: 768, ffn: 3072, heads: 12, vocab: 50265 }],
  ['microsoft/deberta-large', 405.2, { layers: 24, hidden: 1024, ffn: 4096, heads: 16, vocab: 50265 }],
  ['microsoft/deberta-v2-xlarge', 884.6, { layers: 24, hidden: 1536, ffn: 6144, heads: 24, vocab: 128100 }],
  ['albert/albert-base-v2', 11.7, { layers: 12, hidden: 768, ffn: 3072, heads: 12, vocab: 30000 }],
  ['google/electra-small-discriminator electra-small', 13.5, { layers: 12, hidden: 256, ffn: 1024, heads: 4, vocab: 30522 }],
  ['google-t5/t5-small', 60.5, { layers: 12, hidden: 512, ffn: 2048, gated: false, heads: 8, vocab: 32128, tiedEmbeddings: true }],
  ['google-t5/t5-base', 222.9, { layers: 24, hidden: 768, ffn: 3072, gated: false, heads: 12, vocab: 32128, tiedEmbeddings: true }],
  ['google-t5/t5-large', 737.7, { layers: 48, hidden: 1024, ffn: 4096, gated: false, heads: 16, vocab: 32128, tiedEmbeddings: true }],
  ['google-t5/t5-3b', 2851.6, { layers: 48, hidden: 1024, ffn: 16384, gated: false, heads: 32, vocab: 32128, tiedEmbeddings: true }],
  ['google-t5/t5-11b', 11307.3, { layers: 48, hidden: 1024, ffn: 65536, gated: false, heads: 128, vocab: 32128, tiedEmbeddings: true }],
  ['google/flan-t5-small t5-v1_1-small', 77, { layers: 16, hidden: 512, ffn: 1024, gated: true, heads: 6, vocab: 32128, tiedEmbeddings: false }],
  ['google/flan-t5-base t5-v1_1-base', 247.6, { layers: 24, hidden: 768, ffn: 2048, gated: true, heads: 12, vocab: 32128, tiedEmbeddings: false }],
  ['google/flan-t5-large t5-v1_1-large', 783.2, { layers: 48, hidden: 1024, ffn: 2816, gated: true, heads: 16, vocab: 32128, tiedEmbeddings: false }],
  ['google/flan-t5-xl t5-v1_1-xl', 2849.8, { layers: 48, hidden: 2048, ffn: 5120, gated: true, heads: 32, vocab: 32128, tiedEmbeddings: false }],
  ['google/flan-t5-xxl t5-v1_1-xxl', 11135.3, { layers: 48, hidden: 4096, ffn: 10240, gated: true, heads: 64, vocab: 32128, tiedEmbeddings: false }],
  ['google/mt5-small', 300.2, { layers: 16, hidden: 512, ffn: 1024, gated: true, heads: 6, vocab: 250112, tiedEmbeddings: false }],
  ['google/mt5-base', 582.4, { layers: 24, hidden: 768, ffn: 2048, gated: true, heads: 12, vocab: 250112, tiedEmbeddings: false }],
  ['google/mt5-large', 1229.6, { layers: 48, hidden: 1024, ffn: 2816, gated: true, heads: 16, vocab: 250112, tiedEmbeddings: false }],
  ['facebook/bart-base', 139.4, { layers: 12, hidden: 768, ffn: 3072, gated: false, heads: 12, vocab: 50265, tiedEmbeddings: true }],
  ['facebook/bart-large bart-large-cnn bart-large-mnli bart-large-xsum', 406.3, { layers: 24, hidden: 1024, ffn: 4096, gated: false, heads: 16, vocab: 50265, tiedEmbeddings: true }],
  ['facebook/nllb-200-distilled-600M', 615.1, { layers: 24, hidden: 1024, ffn: 4096, gated: false, heads: 16, vocab: 256206, tiedEmbeddings: true }],
  ['facebook/m2m100_418M', 483.9, { layers: 24, hidden: 1024, ffn: 4096, gated: false, heads: 16, vocab: 128112, tiedEmbeddings: true }],
]);

export const encoders: readonly ModelEntry[] = [...plain, ...gated, ...bare];
