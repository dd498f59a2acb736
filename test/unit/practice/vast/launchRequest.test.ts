import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isAnswer, readLaunch, type LaunchRequest } from '../../../../src/practice/vast/launchRequest.ts';
import { templateByHash, templates } from '../../../../src/practice/vast/templates.ts';
import { isRecord } from '../../../../src/practice/vast/answers.ts';

const read = (body: unknown) => readLaunch(body, 7, templateByHash, true);

const accepted = (body: unknown): LaunchRequest => {
  const request = read(body);
  if (isAnswer(request)) assert.fail(JSON.stringify(request.body));
  return request;
};

describe('reading a create call on Vast', () => {
  it('refuses anything at all with an answer, never with a crash', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const request = read(body);
        if (!isAnswer(request)) return;
        assert.equal(request.status, 400);
        assert.ok(isRecord(request.body) && request.body['success'] === false && request.body['ask_id'] === 7);
        assert.equal(typeof request.body['error'], 'string');
      }),
    );
  });

  it('takes any field of the wrong type for wrong or for absent', () => {
    const fields = ['image', 'label', 'disk', 'env', 'onstart', 'args', 'args_str', 'runtype', 'price', 'cancel_unavail', 'target_state', 'template_hash_id', 'vm'];
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
        const request = read({ image: 'ubuntu', [field]: value });
        if (isAnswer(request)) return assert.equal(request.status, 400);
        assert.ok(typeof request.image === 'string' && request.diskGb >= 8 && (request.priceUsd === null || request.priceUsd > 0));
        assert.ok(request.label === null || typeof request.label === 'string');
        assert.ok(request.env.every(([name, text]) => typeof name === 'string' && typeof text === 'string'));
      }),
    );
  });

  it('takes what cannot even be made a number or a text for wrong', () => {
    for (const field of ['disk', 'price']) {
      const request = read({ image: 'ubuntu', [field]: { toString: null } });
      assert.ok(isAnswer(request) && request.status === 400, field);
    }
    const request = read({ image: 'ubuntu', args: [{ toString: null }, 'run'] });
    assert.ok(!isAnswer(request) || request.status === 400);
  });

  it('counts the text that runs at the start all together', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), fc.nat(5000), (onstart, args, text) => {
        const request = read({ image: 'ubuntu', onstart: 'x'.repeat(onstart), args: ['x'.repeat(args)], args_str: 'x'.repeat(text) });
        assert.equal(isAnswer(request), onstart + args + text > 4096);
      }),
    );
  });

  it('keeps the environment as it is given, in order', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Z_]{1,20}$/), fc.string({ maxLength: 200 }), { maxKeys: 10 }), (env) => {
        assert.deepEqual(accepted({ image: 'ubuntu', env }).env, Object.entries(env));
      }),
    );
    assert.deepEqual(accepted({ image: 'ubuntu', env: { A: 1, B: true } }).env, [['A', '1'], ['B', 'true']]);
  });

  it('lets what the request says outrank its template, and merges the environments', () => {
    const [template] = templates;
    assert.ok(template);
    const plain = accepted({ template_hash_id: template.hash });
    assert.deepEqual([plain.image, plain.diskGb, plain.runtype, plain.onstart], [template.image, template.diskGb, template.runtype, template.onstart]);
    const changed = accepted({ template_hash_id: template.hash, image: 'me/mine', disk: 99, runtype: 'ssh', onstart: 'run', env: { OPEN_BUTTON_PORT: '1', MORE: '2' } });
    assert.deepEqual([changed.image, changed.diskGb, changed.runtype, changed.onstart], ['me/mine', 99, 'ssh', 'run']);
    assert.deepEqual(changed.env, [['-p 1111:1111', '1'], ['OPEN_BUTTON_PORT', '1'], ['MORE', '2']]);
  });

  it('cancels by default exactly when it is on demand and meant to run', () => {
    const cancels = (body: Readonly<Record<string, unknown>>) => accepted({ image: 'ubuntu', ...body }).cancelUnavailable;
    assert.deepEqual([{}, { price: 1 }, { target_state: 'stopped' }, { cancel_unavail: false }, { price: 1, cancel_unavail: true }].map(cancels), [true, false, false, false, true]);
  });
});
