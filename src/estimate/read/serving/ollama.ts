/** Ollama's names: `llama3:70b`, `mistral:7b-instruct-q8_0`. Without a tag each means one size of four bits. */
import { modelNamed } from '../../catalogue/models.ts';
import { scalar, stringOf, type Value } from '../python/value.ts';
import { put, putDefault, putModel, type Reader } from '../reader.ts';
import { weightsInName } from './served.ts';

/** What a name means where it has no tag, as the library of Ollama lists it. */
const latest: Readonly<Record<string, string>> = {
  llama2: '7b', llama3: '8b', 'llama3.1': '8b', 'llama3.2': '3b', 'llama3.3': '70b', mistral: '7b', mixtral: '8x7b', gemma: '7b', gemma2: '9b', gemma3: '4b',
  phi3: '3.8b', phi4: '14b', qwen2: '7b', 'qwen2.5': '7b', qwen3: '8b', 'deepseek-r1': '8b', codellama: '7b', tinyllama: '1.1b',
};

export function putOllamaModel(reader: Reader, value: Value | undefined): void {
  const name = stringOf(value);
  if (value === undefined || name === undefined) return;
  const [base = '', tag = 'latest'] = (name.split('/').at(-1) ?? '').split(':');
  const size = tag === 'latest' ? latest[base.toLowerCase()] : tag;
  const spelled = [`${base}-${size?.split('-')[0] ?? ''}`, base].find((one) => modelNamed(one) !== undefined) ?? name;
  putModel(reader, scalar(spelled, value.at));
  const weights = weightsInName(tag);
  if (weights === undefined) putDefault(reader, 'servedWeights', 'q4', 'Q4_K_M');
  else put(reader, 'servedWeights', weights, { ...value.at, certainty: 'derived' });
}
