/** Reads what `sampleProgram` prints. Its owner can make a machine say anything: what is not a figure is left out. */
import type { Amount, CpuSample, GpuProgram, GpuSample, MachineSample } from '../domain/machineSample.ts';

const mark = 'gpu-rental:';
const mebibyte = 1024 ** 2;

/** Two counters that only grow; how busy the processors were is told by how far each came. */
export interface CpuCount {
  readonly busy: number;
  readonly whole: number;
}

export interface RawSample {
  readonly sample: Omit<MachineSample, 'at'>;
  /** For the sample after this one. */
  readonly counted?: CpuCount;
}

/** `lines` is one whole answer; `before` what was counted in the last one. */
export function readSample(lines: readonly string[], before?: CpuCount): RawSample {
  const said = lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length).trimEnd());
  const all = (name: string): string[] => said.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const first = (name: string): string => all(name)[0] ?? '';
  const smi = first('smi');
  const cards = smi === '0' ? all('gpu').flatMap(cardIn) : [];
  const trouble = smi === '0' && cards.length > 0 ? undefined : troubleOf(smi);
  const counts = cpuOf(first);
  const memory = memoryOf(first);
  const disk = diskIn(first('df'));
  return {
    ...(counts === undefined ? {} : { counted: counts.counted }),
    sample: {
      gpus: cards.map(({ gpu }) => gpu),
      ...(trouble === undefined ? {} : { gpuTrouble: trouble }),
      programs: all('app').flatMap((line) => programIn(line, cards)),
      ...(counts === undefined ? {} : { cpu: cpuSample(counts, before) }),
      ...(memory === undefined ? {} : { memory }),
      ...(disk === undefined ? {} : { disk }),
    },
  };
}

/** `timeout` ends with 124, or 137 where it had to insist. */
const troubleOf = (smi: string): MachineSample['gpuTrouble'] => (smi === 'absent' ? 'absent' : smi === '124' || smi === '137' ? 'silent' : 'failed');

interface Card {
  readonly uuid: string;
  readonly gpu: GpuSample;
}

const mostCards = 64;

function cardIn(line: string): Card[] {
  const [index = '', uuid = '', busy = '', used = '', total = '', celsius = '', watts = '', wattLimit = '', ...name] = line.split(', ');
  const at = figure(index);
  if (at === undefined || !Number.isInteger(at) || at >= mostCards || name.length === 0) return [];
  const share = figure(busy);
  return [{
    uuid,
    gpu: {
      index: at,
      name: name.join(', ').slice(0, 100),
      ...(share === undefined ? {} : { busy: Math.min(1, share / 100) }),
      ...known('memory', amount(scaled(figure(used), mebibyte), scaled(figure(total), mebibyte))),
      ...known('celsius', figure(celsius)),
      ...known('watts', figure(watts)),
      ...known('wattLimit', figure(wattLimit)),
    },
  }];
}

function programIn(line: string, cards: readonly Card[]): GpuProgram[] {
  const [uuid = '', pid = '', used = '', ...name] = line.split(', ');
  const id = figure(pid);
  if (id === undefined || name.length === 0) return [];
  const gpu = cards.find((card) => card.uuid === uuid)?.gpu.index;
  return [{ pid: id, name: name.join(', ').slice(0, 120), ...known('gpu', gpu), ...known('usedBytes', scaled(figure(used), mebibyte)) }];
}

interface CpuCounts {
  readonly cores: number;
  readonly counted: CpuCount;
}

/** A share of the host's processors, where the container has one, else the whole host. */
function cpuOf(first: (name: string) => string): CpuCounts | undefined {
  const hostCores = figure(first('cores')) || undefined;
  const uptime = figure(first('uptime').split(' ')[0] ?? '');
  const used = scaled(figure(first('cpuUsec')), 1e-6) ?? scaled(figure(first('cpuNsec')), 1e-9);
  const [quota = '', period = ''] = first('cpuMax') === '' ? [first('cpuQuota'), first('cpuPeriod')] : first('cpuMax').split(' ');
  const share = ratio(figure(quota), figure(period));
  if (share !== undefined && used !== undefined && uptime !== undefined) {
    const cores = hostCores === undefined ? share : Math.min(share, hostCores);
    return { cores, counted: { busy: used, whole: uptime * cores } };
  }
  // Of the fields after `cpu`, the fourth and fifth are idle; the last two are in the first two already.
  const ticks = first('stat').replace(/^cpu\s+/, '').split(/\s+/).slice(0, 8).map(figure);
  const whole = ticks.reduce<number>((sum, tick) => sum + (tick ?? 0), 0);
  if (hostCores === undefined || ticks.length < 5 || whole === 0) return undefined;
  return { cores: hostCores, counted: { busy: whole - (ticks[3] ?? 0) - (ticks[4] ?? 0), whole } };
}

function cpuSample({ cores, counted }: CpuCounts, before: CpuCount | undefined): CpuSample {
  const whole = before === undefined ? 0 : counted.whole - before.whole;
  if (before === undefined || whole <= 0) return { cores };
  return { cores, busy: Math.min(1, Math.max(0, (counted.busy - before.busy) / whole)) };
}

/** What a container may use, less what the system can take back at any time; a limit above the host's memory is none. */
function memoryOf(first: (name: string) => string): Amount | undefined {
  const total = scaled(figure(first('memTotal')), 1024);
  const [most, used] = [figure(first('memMax')), figure(first('memUsed'))];
  if (most !== undefined && used !== undefined && (total === undefined || most < total)) {
    return amount(Math.max(0, used - (figure(first('memCache')) ?? 0)), most);
  }
  const available = scaled(figure(first('memAvailable')), 1024);
  return total === undefined || available === undefined ? undefined : amount(Math.max(0, total - available), total);
}

/** `/dev/sda1 41152736 9123456 29912345 24% /workspace`; the name in front may hold spaces. */
function diskIn(line: string): MachineSample['disk'] {
  const [, total, used, folder] = /\s(\d{1,15})\s+(\d{1,15})\s+-?\d{1,15}\s+(?:\d{1,3}%|-)\s+(\/.{0,199})$/.exec(line) ?? [];
  const size = amount(scaled(figure(used ?? ''), 1024), scaled(figure(total ?? ''), 1024));
  return size === undefined || folder === undefined ? undefined : { ...size, folder };
}

/** `[N/A]`, `max` and whatever else is no figure is none. */
const figure = (text: string): number | undefined => (/^\d{1,20}(?:\.\d{1,9})?$/.test(text.trim()) ? Number(text) : undefined);
const scaled = (value: number | undefined, by: number): number | undefined => (value === undefined ? undefined : value * by);
const ratio = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || whole === undefined || part === 0 || whole === 0 ? undefined : part / whole;

const amount = (usedBytes: number | undefined, totalBytes: number | undefined): Amount | undefined =>
  usedBytes === undefined || totalBytes === undefined || totalBytes === 0 ? undefined : { usedBytes: Math.min(usedBytes, totalBytes), totalBytes };

function known<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : { [key]: value } as { readonly [P in K]: V };
}
