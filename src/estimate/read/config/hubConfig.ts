/** A hub `config.json` that lies beside the script: the exact dimensions of the model, better than any table. */
import { modelFromConfig } from '../../catalogue/modelConfig.ts';
import type { ConfigFamily } from './job.ts';
import { has } from './node.ts';

export const hubConfig: ConfigFamily = {
  recognises: ({ root }) => has(root, 'architectures', 'transformers_version') && modelFromConfig(root) !== undefined,
  read({ root, draft, file }) {
    const model = modelFromConfig(root);
    if (model !== undefined) draft.set('model', model, { source: 'hub', certainty: 'derived', file: file.path, line: root.line });
  },
};
