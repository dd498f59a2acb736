/**
 * An estimate's codes in words: why this figure, what it rests on, what is missing. The language is handed in, so
 * that the same sentences serve the editor and the command line.
 */
import type { Gap } from './facts.ts';
import type { Assumption, Fit, Reason, RemedyCode } from './result.ts';

/** Turns an English sentence with holes `{0}` into the reader's language. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** English as it stands, for where there is no editor. */
export const inEnglish: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (hole, index: string) => String(args[Number(index)] ?? hole));

export function reasonWords(reason: Reason, t: Translate): string {
  switch (reason) {
    case 'computeBound': return t('The GPU’s arithmetic decides how long it takes: a faster card ends sooner.');
    case 'bandwidthBound': return t('The GPU’s memory bandwidth decides how long it takes.');
    case 'launchBound': return t('The steps are too small to fill the GPU: a faster card hardly ends sooner, a larger batch would.');
    case 'linksBound': return t('The links between the GPUs decide how long it takes: fewer GPUs may be cheaper.');
    case 'inputBound': return t('Reading and preparing the data decides how long it takes: CPU cores count more than the GPU.');
    case 'downloadBound': return t('Fetching the model and the data takes a large part of the time: a fast line counts.');
    case 'setupBound': return t('Starting the machine takes a large part of the time: a cheap card is enough.');
  }
}

export function remedyWords({ code, slowdown }: NonNullable<Fit['remedy']>, t: Translate): string {
  const fits = t('{0} would make it fit.', remedyName(code, t));
  const percent = Math.round((slowdown - 1) * 100);
  return percent > 0 ? `${fits} ${t('It makes a step {0} % longer.', percent)}` : fits;
}

function remedyName(code: RemedyCode, t: Translate): string {
  switch (code) {
    case 'checkpointing': return t('Gradient checkpointing');
    case 'smallerBatch': return t('A smaller batch with more accumulation');
    case 'optimizer8bit': return t('An 8-bit optimizer');
    case 'lora': return t('LoRA in place of full training');
    case 'qlora': return t('QLoRA');
    case 'sharding': return t('Sharding over several GPUs');
  }
}

export function assumptionWords({ code, detail = '' }: Assumption, t: Translate): string {
  switch (code) {
    case 'usualStack': return t('The code runs as fast as this code base usually does.');
    case 'meanLength': return detail === '' ? t('Samples are as long as this data usually is.') : t('How long samples are on average is not known; the longest have {0} tokens.', detail);
    case 'gpuFromOffer': return t('No table knows the card {0}: its speed is guessed.', detail);
    case 'networkSpeed': return withDetail(t('The line is as fast as such machines usually have.'), detail);
    case 'interruptionRate': return t('Interruptible machines are taken away about every {0} h, as they usually are.', detail);
    case 'checkpointTime': return withDetail(t('Writing a checkpoint takes as long as its size and a usual disk make it.'), detail);
    case 'imageSize': return withDetail(t('The image has the usual size.'), detail);
    case 'datasetSize': return detail === '' ? t('Nobody says how large the data is; fetching it is not counted.') : withDetail(t('The data has the size that its samples usually have.'), detail);
    case 'oneGpu': return detail === '' ? t('It uses one GPU, even where the machine has more.') : t('The script asks for {0} GPUs, and the machine has another number.', detail);
    case 'lowConfidence': return t('Runs like this one differ a lot; the range is wide for that reason.');
    case 'unknownSteps': return t('How long it trains is not said, so it has no cost yet.');
    case 'oneRequest': return t('Requests come one after the other; several at once share the machine, and a token costs less.');
    case 'usualPrompt': return t('A request has {0} tokens.', detail);
    case 'usualAnswer': return t('An answer has {0} tokens.', detail);
    case 'alwaysBusy': return t('The machine is kept busy: at half the load a token costs twice as much.');
    case 'usualReliability': return t('Nobody publishes how reliable the host is; it is taken to be up {0} % of the time, as such hosts usually are.', detail);
    case 'optimisedServer': return t('It answers as fast as a server made for that; Transformers alone is often slower.');
  }
}

export function gapWords({ code, detail = '' }: Gap, t: Translate): string {
  switch (code) {
    case 'empty': return t('The file is empty.');
    case 'notTraining': return t('Nothing in it trains a model or answers with one.');
    case 'syntax': return withDetail(t('This part cannot be parsed, and was left out.'), detail);
    case 'tooLarge': return withDetail(t('The file is too large to be read.'), detail);
    case 'circular': return withDetail(t('This refers back to itself, and was left out.'), detail);
    case 'missingFile': return withDetail(t('This file is named and was not found.'), detail);
    case 'unknownModel': return detail === '' ? t('The model is not known: its size decides the cost.') : t('Nothing is known of the model {0}: its size decides the cost.', detail);
    case 'impossibleValue': return withDetail(t('This value cannot be, and was left out.'), detail);
  }
}

const withDetail = (sentence: string, detail: string): string => (detail === '' ? sentence : `${sentence} (${detail})`);
