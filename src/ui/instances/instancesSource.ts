import { markdown } from '../escape.ts';
import type { TreeSource } from '../row.ts';
import type { Voice } from '../voice.ts';
import { contextOf } from './instanceContext.ts';
import { instanceTooltip } from './instanceDetails.ts';
import type { InstancesInput, InstancesModel } from './instancesModel.ts';

export function instancesSource(model: () => InstancesModel, now: () => number, voice: Voice, pinnedBy: InstancesInput['pinnedBy'] = () => undefined): TreeSource {
  return {
    children: (node) => (node === undefined ? model().roots : (model().children.get(node) ?? [])),
    row: (node) => model().rows.get(node),
    expandable: (node) => model().children.has(node),
    context: (node) => {
      const instance = model().instanceById.get(node);
      return instance ? contextOf(instance) : node.startsWith('problem/') ? 'problem' : (model().rows.get(node)?.context ?? 'detail');
    },
    command: (node) => model().rows.get(node)?.command,
    tooltip: async (node) => {
      const instance = model().instanceById.get(node);
      return instance ? instanceTooltip(instance, now(), voice, pinnedBy(instance)) : markdown(model().rows.get(node)?.spoken ?? '', 300);
    },
  };
}
