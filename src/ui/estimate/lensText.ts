import type { Translate } from '../voice.ts';
import { likeliest } from './estimator.ts';
import { headline } from './headline.ts';
import { servingHeadline } from './servingHeadline.ts';
import type { SessionState } from './session.ts';

export interface LensText {
  /** Counts from 1. */
  readonly line: number;
  readonly title: string;
  readonly tooltip: string;
}

/** `≈ $1.04 · 2.0 h on RTX 4090 · 61 offers fit`; undefined for what neither trains nor answers. */
export function lensText({ reading, estimates, path }: Pick<SessionState, 'reading' | 'estimates' | 'path'>, t: Translate): LensText | undefined {
  if (reading === undefined || reading.gaps.some(({ code }) => code === 'notTraining' || code === 'empty')) return undefined;
  const { anchor } = reading;
  if (anchor === undefined || anchor.file !== path) return undefined;
  const best = estimates && likeliest(estimates);
  const tooltip = t('Show what this costs on every offer');
  const served = estimates?.serving?.picks.bestValue;
  if (served !== undefined && estimates?.serving !== undefined) return { line: anchor.line, title: servingHeadline(served, estimates.serving, t), tooltip };
  if (best === undefined || estimates === undefined) return { line: anchor.line, title: undecided(reading.questions.length > 0, t), tooltip };
  return { line: anchor.line, title: headline(best, estimates, t), tooltip };
}

const undecided = (asked: boolean, t: Translate): string =>
  asked ? t('What this costs: the script leaves a question open') : invitation(t);

/** Stands there before anybody asked for a figure, when nothing has been read yet. */
export const invitation = (t: Translate): string => t('Estimate what this costs');
