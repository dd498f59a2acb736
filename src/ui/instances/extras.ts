import { all } from '../disposables.ts';
import type { InstanceExtras } from './instanceDetails.ts';

/** The rows of several areas, one after the other. */
export const withExtras = (...areas: readonly InstanceExtras[]): InstanceExtras => ({
  rows: (instance) => areas.flatMap((area) => area.rows(instance)),
  onDidChange: (listener) => all(areas.map((area) => area.onDidChange(listener))),
  seen: (instances) => areas.forEach((area) => area.seen(instances)),
});
