import assert from 'node:assert/strict';
import { panelHtml } from '../../../../src/ui/panel/panelHtml.ts';

describe('the page of a panel', () => {
  const page = { language: 'en', title: 'Cost of <x>', script: 'https://file+.vscode-resource/estimate.js', style: 'https://file+.vscode-resource/estimate.css', source: "'self' https://*.vscode-cdn.net", nonce: 'n0nce' };
  const text = panelHtml(page);

  it('lets in one script and one style sheet, and nothing else', () => {
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text) ?? [];
    const rules = new Map(policy.split('; ').map((rule) => [rule.slice(0, rule.indexOf(' ')), rule.slice(rule.indexOf(' ') + 1)]));
    assert.deepEqual([...rules], [['default-src', "'none'"], ['style-src', page.source], ['script-src', "'nonce-n0nce'"], ['base-uri', "'none'"], ['form-action', "'none'"]]);
    assert.ok(!policy.includes('unsafe'));
    assert.deepEqual(text.match(/<script[^>]*>/g), ['<script type="module" nonce="n0nce" src="https://file+.vscode-resource/estimate.js">']);
  });

  it('shows a name as text and says which language it speaks', () => {
    assert.match(text, /<title>Cost of &lt;x&gt;<\/title>/);
    assert.match(panelHtml({ ...page, language: '"><script>' }), /<html lang="&quot;&gt;&lt;script&gt;">/);
  });
});
