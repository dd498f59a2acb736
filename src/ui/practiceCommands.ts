import type { CommandHandlers } from './commandIds.ts';
import type { Dialogs } from './dialogs.ts';
import type { Voice } from './voice.ts';

export interface PracticeControl {
  /** Starts local providers and machines, and turns this window to them. */
  start(): Promise<void>;
  /** Back to the real providers; practice machines end. */
  stop(): Promise<void>;
}

export function practiceCommands(practice: PracticeControl, dialogs: Dialogs, { t }: Voice) {
  return {
    'gpuRental.practice.start': () => dialogs.progress(t('Starting the practice market'), false, () => practice.start()),
    'gpuRental.practice.stop': () => dialogs.progress(t('Ending the practice market'), false, () => practice.stop()),
  } satisfies CommandHandlers;
}
