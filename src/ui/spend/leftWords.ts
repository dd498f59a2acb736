import type { FleetInstance } from '../../services/fleetInstance.ts';
import { endOf } from '../instances/endOf.ts';
import type { Translate } from '../voice.ts';
import { roughly } from '../words.ts';

/** `2 h 10 m, lease`: how long a machine runs on, and what ends it; empty where nothing does. */
export function leftWords(instance: FleetInstance, now: number, t: Translate): string {
  const end = endOf(instance, now);
  if (end === undefined) return '';
  const left = roughly(end.at - now, t);
  return end.because === 'lease' ? t('{0}, lease', left) : t('{0}, budget', left);
}
