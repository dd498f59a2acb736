/**
 * Lines that name a step and a time: `step 120/5000 | loss 3.2 | dt: 530.12ms` of nanoGPT and its like, `iter time:
 * 530 ms` of LitGPT, `elapsed time per iteration (ms): 530` of Megatron, `time: 0.530` of Detectron2 and OpenMMLab.
 */
import { median } from './median.ts';
import { settledAfter, warmupSteps, type Progress } from './progress.ts';

interface StepLine {
  readonly step: number;
  readonly total?: number;
  readonly seconds: number;
  /** Forward passes for each optimizer step, where a line counts both. */
  readonly passes: number;
}

export function readStepLines(log: string): Progress | undefined {
  const lines = log.split(/[\r\n]/).flatMap((line) => stepLine(line) ?? []);
  const newest = lines.at(-1);
  if (newest === undefined || newest.step < settledAfter) return undefined;
  const settled = lines.filter(({ step }) => step >= warmupSteps);
  const secondsPerStep = runsOn(settled) ? slope(settled) : median(settled.map(({ seconds, passes }) => seconds * passes));
  if (secondsPerStep === undefined || !(secondsPerStep > 0)) return undefined;
  return { step: newest.step, ...(newest.total === undefined ? {} : { totalSteps: newest.total }), secondsPerStep, unit: 'step' };
}

const counter = (word: string): RegExp => new RegExp(`\\b${word}s?\\b[\\s:=#\\[(]*(\\d[\\d,]*)(?:\\s*/\\s*(\\d[\\d,]*))?`, 'i');
const stepCounter = counter('step');
const iterCounter = counter('iter(?:ation)?');
const openMmlab = /\bEpoch(?:\(train\))?\s*\[(\d+)\]\s*\[\s*(\d+)\/(\d+)\]/;

function stepLine(line: string): StepLine | undefined {
  const seconds = secondsIn(line);
  if (seconds === undefined || !(seconds > 0)) return undefined;
  const mm = openMmlab.exec(line);
  if (mm) return { step: (Number(mm[1]) - 1) * Number(mm[3]) + Number(mm[2]), seconds, passes: 1 };
  const step = stepCounter.exec(line);
  const iter = iterCounter.exec(line);
  const found = step ?? iter;
  if (found === null) return undefined;
  const count = numberOf(found[1]);
  const total = found[2] === undefined ? undefined : numberOf(found[2]);
  const passes = step && iter && count > 0 ? Math.max(1, numberOf(iter[1]) / count) : 1;
  return { step: count, seconds, passes, ...(total === undefined ? {} : { total }) };
}

const numberOf = (digits = ''): number => Number(digits.replaceAll(',', ''));

const named = /(?<![\w-])(?:dt|(?:iter(?:ation)?|step|batch)?[ _]?time)\b\s*[:=]?\s*(\d+(?:\.\d+)?)\s*(ms|s)?(?![\w.]|\s*\/)/i;
const megatron = /elapsed time per iteration \(ms\):\s*(\d+(?:\.\d+)?)/i;
const bare = /(?<![\w.:/])(\d+(?:\.\d+)?)\s?(ms|s)(?:\/(?:it|iter|step))?(?![\w/])/g;

/** The time of one step; what is left (`eta`) and what data took are other times. */
function secondsIn(line: string): number | undefined {
  const ofMegatron = megatron.exec(line);
  if (ofMegatron) return Number(ofMegatron[1]) / 1000;
  const ofName = named.exec(line);
  if (ofName) return inSeconds(ofName[1], ofName[2]);
  const found = [...line.replace(/\b(?:eta|data|data_time|remaining|elapsed)\b\W*[\d.:]+\s*m?s?/gi, ' ').matchAll(bare)].at(-1);
  return found === undefined ? undefined : inSeconds(found[1], found[2]);
}

const inSeconds = (value = '', unit = 's'): number => (unit.toLowerCase() === 'ms' ? Number(value) / 1000 : Number(value));

/** Some count the time since the start instead: it only ever grows, and in proportion. */
function runsOn(lines: readonly StepLine[]): boolean {
  const [first] = lines;
  const newest = lines.at(-1);
  if (first === undefined || newest === undefined || lines.length < 4) return false;
  const grows = lines.every(({ seconds }, index) => index === 0 || seconds > (lines[index - 1]?.seconds ?? 0));
  return grows && newest.seconds > 1.5 * first.seconds;
}

function slope(lines: readonly StepLine[]): number | undefined {
  const [first] = lines;
  const newest = lines.at(-1);
  if (first === undefined || newest === undefined || newest.step <= first.step) return undefined;
  return (newest.seconds - first.seconds) / (newest.step - first.step);
}
