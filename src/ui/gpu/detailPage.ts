/** A machine's detail as data, worded: what the page draws without knowing what it means. */
import type { GpuSample, MachineSample } from '../../domain/machineSample.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { keptMs, type Watched } from '../../services/machineWatch.ts';
import type { ChartView, DetailView, TableView } from '../../webview/gpu/messages.ts';
import { plain } from '../escape.ts';
import { nameOf } from '../instances/instanceRow.ts';
import { stateName } from '../instances/stateName.ts';
import type { Translate, Voice } from '../voice.ts';
import { gpus, line, spanWords, timeOfDay } from '../words.ts';
import { degrees, gpuName, liveWords, memorySize, ofDisk, ofMemory, power, share, troubleWords } from './machineWords.ts';

export interface DetailInput {
  readonly instance: FleetInstance;
  readonly watched: Watched;
  readonly now: number;
}

export function detailPage({ instance, watched, now }: DetailInput, voice: Voice): DetailView {
  const { t } = voice;
  const { samples } = watched;
  const last = samples.at(-1);
  const measures = samples.length === 0 ? [] : measuresOf(samples, t).filter(({ lines }) => lines.length > 0);
  return {
    name: nameOf(instance),
    about: line(gpus(instance.gpuCount, plain(instance.gpu)), voice.nameOf(instance.provider), stateName(instance.state, voice)),
    notices: noticesOf(instance, watched, t),
    figures: [{ label: t('GPU'), figure: liveWords(watched, now, voice) }, ...(last === undefined ? [] : figuresOf(last, t))],
    charts: measures.map((measure) => chartOf(measure, samples, now)),
    history: historyOf(measures, samples, t),
    programs: programsOf(last, t),
    labels: {
      now: t('Now'),
      charts: t('The last {0}', spanWords(keptMs, t)),
      chartsAbout: t('Lines over time, newest at the right. There are gaps where nobody looked. The table below holds the same figures.'),
      from: t('{0} ago', spanWords(keptMs, t)),
      to: t('now'),
      history: t('These as a table'),
      programs: t('Programs on the GPUs'),
      noPrograms: t('None that the machine tells of. Inside a container the driver often names none.'),
    },
  };
}

function noticesOf({ state }: FleetInstance, { samples, trouble }: Watched, t: Translate): string[] {
  if (state !== 'ready') return [t('The machine is not running: nothing is asked.')];
  const last = samples.at(-1);
  return [
    ...(trouble === undefined ? [] : [t('The machine does not answer; it is asked again.')]),
    ...(last?.gpuTrouble === undefined ? [] : [t('No figures of the GPU: {0}.', troubleWords(last.gpuTrouble, t))]),
  ];
}

function figuresOf({ cpu, memory, disk }: MachineSample, t: Translate): { label: string; figure: string }[] {
  return [
    ...(cpu === undefined ? [] : [{ label: t('Processors'), figure: line(cpu.busy !== undefined && share(cpu.busy), t('{0} cores', coresOf(cpu.cores))) }]),
    ...(memory === undefined ? [] : [{ label: t('Memory'), figure: ofMemory(memory, t) }]),
    ...(disk === undefined ? [] : [{ label: t('Disk at {0}', plain(disk.folder, 40)), figure: ofDisk(disk, t) }]),
  ];
}

const coresOf = (cores: number): string => (Number.isInteger(cores) ? String(cores) : cores.toFixed(1));

/** One thing that is measured over time, on each card or on the whole machine. */
interface Measure {
  readonly id: string;
  readonly title: string;
  /** What is as high as the chart. */
  readonly top: number;
  readonly text: (value: number) => string;
  readonly lines: readonly { readonly name: string; readonly of: (sample: MachineSample) => number | undefined }[];
}

const gibibyte = 1024 ** 3;

function measuresOf(samples: readonly MachineSample[], t: Translate): Measure[] {
  const cards = [...new Map(samples.flatMap(({ gpus: seen }) => seen.map((gpu) => [gpu.index, gpu] as const))).values()].toSorted((a, b) => a.index - b.index);
  const each = (of: (gpu: GpuSample) => number | undefined): Measure['lines'] =>
    cards.filter((card) => of(card) !== undefined).map((card) => ({
      name: gpuName(card),
      of: (sample) => {
        const gpu = sample.gpus.find(({ index }) => index === card.index);
        return gpu === undefined ? undefined : of(gpu);
      },
    }));
  const most = (of: (gpu: GpuSample) => number | undefined, least: number): number => Math.max(least, ...samples.flatMap(({ gpus: seen }) => seen.map((gpu) => of(gpu) ?? 0)));
  const whole = (name: string, of: (sample: MachineSample) => number | undefined): Measure['lines'] => (samples.some((sample) => of(sample) !== undefined) ? [{ name, of }] : []);
  const memoryTop = Math.max(0, ...samples.map(({ memory }) => memory?.totalBytes ?? 0));
  return [
    { id: 'gpu', title: t('GPU'), top: 1, text: share, lines: each(({ busy }) => busy) },
    { id: 'vram', title: t('GPU memory'), top: most(({ memory }) => memory?.totalBytes, gibibyte), text: memorySize, lines: each(({ memory }) => memory?.usedBytes) },
    { id: 'heat', title: t('Temperature'), top: most(({ celsius }) => celsius, 100), text: degrees, lines: each(({ celsius }) => celsius) },
    { id: 'power', title: t('Power'), top: most(({ watts, wattLimit }) => Math.max(watts ?? 0, wattLimit ?? 0), 100), text: power, lines: each(({ watts }) => watts) },
    { id: 'cpu', title: t('Processors'), top: 1, text: share, lines: whole(t('Processors'), ({ cpu }) => cpu?.busy) },
    { id: 'memory', title: t('Memory'), top: Math.max(gibibyte, memoryTop), text: memorySize, lines: whole(t('Memory'), ({ memory }) => memory?.usedBytes) },
  ];
}

/** Samples fall together in steps that stand still, so that a line does not tremble as time goes on. */
const stepMs = 5000;

function chartOf({ id, title, top, text, lines }: Measure, samples: readonly MachineSample[], now: number): ChartView {
  const last = samples.at(-1);
  const shown = lines.flatMap(({ of }) => (last === undefined ? undefined : of(last)) ?? []);
  return {
    id, title, top: text(top),
    now: shown.map(text).join(' · '),
    lines: lines.map(({ name, of }) => ({ name, values: steps(samples, of, now).map((value) => (value === undefined ? null : Math.round((1000 * value) / top) / 1000)) })),
  };
}

function steps(samples: readonly MachineSample[], of: (sample: MachineSample) => number | undefined, now: number): (number | undefined)[] {
  const newest = Math.floor(now / stepMs);
  const inStep = Map.groupBy(samples, ({ at }) => Math.floor(at / stepMs));
  return Array.from({ length: keptMs / stepMs }, (_, at) => {
    const values = (inStep.get(newest - keptMs / stepMs + 1 + at) ?? []).flatMap((sample) => of(sample) ?? []);
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}

/** A table is read, so that it has a line for every half minute instead of for every sample. */
const lineMs = 30_000;

function historyOf(measures: readonly Measure[], samples: readonly MachineSample[], t: Translate): TableView {
  const columns = measures.flatMap(({ title, text, lines }) => lines.map(({ name, of }) => ({ title: lines.length > 1 ? line(title, name) : title, text, of })));
  const lastOfEach = [...Map.groupBy(samples, ({ at }) => Math.floor(at / lineMs)).values()].flatMap((group) => group.at(-1) ?? []);
  return {
    columns: [t('Time'), ...columns.map(({ title }) => title)],
    rows: lastOfEach.toReversed().map((sample) => [timeOfDay(sample.at), ...columns.map(({ text, of }) => {
      const value = of(sample);
      return value === undefined ? '' : text(value);
    })]),
  };
}

function programsOf(last: MachineSample | undefined, t: Translate): TableView {
  return {
    columns: [t('Program'), t('Process'), t('GPU'), t('GPU memory')],
    rows: (last?.programs ?? []).toSorted((a, b) => (b.usedBytes ?? 0) - (a.usedBytes ?? 0))
      .map(({ name, pid, gpu, usedBytes }) => [plain(name, 80), String(pid), gpu === undefined ? '' : String(gpu), usedBytes === undefined ? '' : memorySize(usedBytes)]),
  };
}
