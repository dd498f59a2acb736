/** secretlint's recommended rules, as the one thing that is asked of it. */
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { OwnSecret } from './ownSecrets.ts';

const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] };

export async function lint(text: string, path: string): Promise<OwnSecret[]> {
  const { messages } = await lintSource({
    source: { content: text, filePath: path, contentType: 'text' },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  return messages.flatMap(({ type, range, ruleId }) =>
    type === 'message' ? [{ at: range[0], what: ruleId.replace(/^@secretlint\/secretlint-rule-/, '') }] : []);
}
