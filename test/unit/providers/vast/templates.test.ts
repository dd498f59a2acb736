import assert from 'node:assert/strict';
import { readTemplates, templates } from '../../../../src/providers/vast/templates.ts';
import { answer, never, outcome, recorded, scripted, withCode } from './support.ts';

const recommended = { recommended: { eq: true } } as const;
const row = (change: object): object => ({ id: 1, name: 'One', image: 'a/b', tag: '1', env: '', onstart: '', recommended: true, ...change });
const page = (...rows: object[]): ReturnType<typeof answer> => answer({ success: true, templates_found: rows.length, templates: rows });

describe('templates of Vast', () => {
  it('are asked for with SSH, in the columns that are read, at the documented pace', () => {
    const call = readTemplates(recommended, 'provider');
    assert.deepEqual([call.method, call.path, call.key, call.retry], ['GET', '/api/v0/template/', 'required', 'safe']);
    assert.deepEqual(JSON.parse(call.query?.['select_filters'] ?? ''), { use_ssh: { eq: true }, recommended: { eq: true } });
    assert.ok((JSON.parse(call.query?.['select_cols'] ?? '') as string[]).includes('env'));
    assert.ok((call.pace.gapMs ?? 0) > 3_000);
  });

  it('are image, ports, variables and what starts them; a bad row costs only itself', () => {
    const read = readTemplates(recommended, 'provider').read(answer(recorded('templates')));
    assert.equal(read.dropped, 2);
    const [vast, own, bare] = read.templates.map(({ template }) => template);
    assert.deepEqual(vast, {
      name: 'PyTorch (Vast)', image: 'vastai/pytorch:@vastai-automatic-tag', ports: [1111, 6006, 8080, 8384], by: 'provider', command: 'entrypoint.sh', diskGb: 32, withoutScript: false, private: false,
      env: { OPEN_BUTTON_PORT: '1111', JUPYTER_DIR: '/', DATA_DIRECTORY: '/workspace/', PORTAL_CONFIG: 'localhost:1111:11111:/:Instance Portal|localhost:8080:18080:/:Jupyter' },
    });
    assert.deepEqual([own?.name, own?.image, own?.env, own?.withoutScript, own?.command], ['My trainer', 'pytorch/pytorch:2.4.0-cuda12.4-cudnn9-devel', { WANDB_MODE: 'offline', GREETING: 'hello there' }, true, undefined]);
    assert.deepEqual([bare?.image, bare?.env, bare?.withoutScript], ['ubuntu:24.04', {}, false]);
  });

  it('stand with one\'s own first, each once, and are found by words', async () => {
    const http = scripted((call, count) => {
      if (call.path.includes('users')) return answer({ id: 77, credit: 1 });
      assert.deepEqual(JSON.parse(call.query?.['select_filters'] ?? ''), { use_ssh: { eq: true }, ...(count === 2 ? { creator_id: { eq: 77 } } : recommended) });
      return count === 2 ? page(row({ id: 9, name: 'Zeta', env: '-e TOKEN=x' })) : page(row({ id: 2, name: 'Beta' }), row({ id: 9, name: 'Zeta' }), row({ id: 1, name: 'Alpha' }), row({ image: 5 }));
    });
    const all = await templates(http, '', never());
    assert.deepEqual(all.templates.map(({ name, by }) => `${by} ${name}`), ['you Zeta', 'provider Alpha', 'provider Beta']);
    assert.deepEqual([all.dropped, all.more], [1, false]);
    assert.equal(all.templates[0]?.private, true, 'its variables may be secrets');
  });

  it('end at what anybody reads, and say so', async () => {
    const many = Array.from({ length: 260 }, (_, i) => row({ id: i + 1, name: `T${i}` }));
    const http = scripted((call, count) => (call.path.includes('users') ? answer({ id: 7, credit: 1 }) : count === 2 ? page() : page(...many)));
    const found = await templates(http, '', never());
    assert.deepEqual([found.templates.length, found.more], [200, true]);
  });

  it('are not read at all where the answer is none', async () => {
    assert.deepEqual(outcome(readTemplates(recommended, 'provider'), answer({ success: false, error: 'auth_error', msg: 'Invalid user key' }, 404)), { code: 'auth', instanceKey: undefined });
    assert.deepEqual(outcome(readTemplates(recommended, 'provider'), answer({ success: true })), { code: 'badResponse', instanceKey: undefined });
    await assert.rejects(templates(scripted(() => answer('<html>', 502)), '', never()), withCode('serverError'));
  });
});
