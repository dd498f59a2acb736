/** Adapters of PEFT, whoever trains them. */
import { type Call, callOf, lastPart } from './python/value.ts';
import { putBoolean, putDefault, putNumber, type Reader } from './reader.ts';
import { adapter, argument } from './table.ts';

const configurations = /^(Lora|AdaLora|LoHa|LoKr|OFT|BOFT|Vera|IA3|PromptTuning|PrefixTuning|PromptEncoder|XLora|Bone|Miss|RandLora|HRA|Road|FourierFT|LNTuning|Shira)Config$/;
const isConfiguration = ({ callee }: Call): boolean => configurations.test(lastPart(callee)) || /^peft\.(\w+\.)*\w+Config$/.test(callee);
const prefer = (calls: readonly Call[]): Call | undefined => calls.findLast(({ certain }) => certain) ?? calls.at(-1);

export function readAdapters(reader: Reader, calls: readonly Call[], trainer?: Call): void {
  const peft = callOf(trainer?.keywords.get('peft_config'));
  const given = peft && isConfiguration(peft) ? peft : undefined;
  const wrapped = calls.filter(({ callee }) => /(^|\.)get_peft_model$/.test(callee));
  const config = given ?? callOf(prefer(wrapped)?.args[1]) ?? prefer(wrapped) ?? calls.find((call) => call.certain && isConfiguration(call));
  if (config === undefined) return;
  const rank = argument(config, 'r');
  adapter(reader, config.place);
  if (rank) putNumber(reader, 'loraRank', rank);
  else if (config.callee.endsWith('LoraConfig')) putDefault(reader, 'loraRank', 8);
  const checkpointing = config.keywords.get('use_gradient_checkpointing');
  putBoolean(reader, 'checkpointing', checkpointing);
}
