/** A run's own log in the place of a prediction: which file, on which machine it ran, and what came of it. */
import { usedGpus } from '../../estimate/cost/jobSize.ts';
import { knownGpus } from '../../estimate/catalogue/gpus.ts';
import { readRunFile } from '../../estimate/learn/readRun.ts';
import type { Dialogs } from '../dialogs.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import { goBack } from '../dialogs.ts';
import { memory } from '../words.ts';
import { machineName } from './figures.ts';
import type { EstimateSession } from './session.ts';

export interface LogFile {
  readonly name: string;
  readonly text: string;
}

export interface LogDeps {
  readonly dialogs: Pick<Dialogs, 'notify' | 'pick'>;
  /** Undefined when the person turned away. */
  readonly openLog: () => Promise<LogFile | undefined>;
  readonly voice: Voice;
}

interface RanOn {
  readonly gpu: string;
  readonly vramGb: number;
  readonly gpuCount: number;
}

export async function useLog(session: EstimateSession, { dialogs, openLog, voice }: LogDeps): Promise<void> {
  const { t } = voice;
  const tell = async (text: string): Promise<void> => void (await dialogs.notify({ level: 'info', text, buttons: [] }));
  const file = await openLog();
  if (file === undefined) return;
  const { progress, withoutTimes, gpu } = readRunFile(file.text);
  const name = plain(file.name, 80);
  if (progress === undefined) {
    await tell(withoutTimes
      ? t('{0} holds no times until its run has ended. Use what the run prints instead: its progress bar holds them.', name)
      : t('No rate was found in {0}: thirty steps with a progress bar or with times are needed.', name));
    return;
  }
  const workload = session.state.reading?.workload;
  // A script for one GPU ran on one, whatever the machine had.
  const single = workload !== undefined && usedGpus(workload, 2) === 1;
  const machine = gpu !== undefined && single ? { gpu: gpu.name, vramGb: gpu.vramGb, gpuCount: 1 } : await askMachine(session, gpu?.name, dialogs, voice);
  if (machine === undefined) return;
  if (!await session.learn({ script: session.script.name, progress, ...machine })) {
    await tell(t('The rate of {0} was read, and cannot be compared: how many samples a step has is not known yet.', name));
  }
}

async function askMachine(session: EstimateSession, named: string | undefined, dialogs: LogDeps['dialogs'], { t }: Voice): Promise<RanOn | undefined> {
  const offered = session.state.estimates?.all.map(({ offer: { gpu, vramGb, gpuCount } }): RanOn => ({ gpu, vramGb, gpuCount })) ?? [];
  const known = knownGpus.map(({ name, vramGb }): RanOn => ({ gpu: name, vramGb, gpuCount: 1 }));
  const kinds = [...new Map([...offered, ...known].map((machine) => [`${machine.gpu} ${machine.vramGb} ${machine.gpuCount}`, machine])).values()];
  const fitting = named === undefined ? kinds : kinds.filter(({ gpu }) => gpu === named);
  const answer = await dialogs.pick({
    title: t('Where did this run?'),
    placeholder: t('The machine that the log is from'),
    choices: (fitting.length > 0 ? fitting : kinds).map((machine) => ({ label: machineName({ offer: machine }), description: memory(machine.gpuCount, machine.vramGb), value: machine })),
  });
  return answer === goBack ? undefined : answer;
}
