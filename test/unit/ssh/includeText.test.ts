import assert from 'node:assert/strict';
import fc from 'fast-check';
import { includeLine, withInclude, withoutInclude } from '../../../src/ssh/includeText.ts';
import { throwsWith } from './support/tools.ts';

const line = 'Include "/home/ada/.gpu-rental/ssh/config"';
const block = `# >>> GPU Rental\n${line}\n# <<< GPU Rental\n`;
const crlf = (text: string) => text.replaceAll('\n', '\r\n');

describe('our line in the user\'s SSH configuration', () => {
  it('comes first, before any host', () => {
    assert.equal(withInclude('', line), block);
    assert.equal(withInclude('Host a\n  User b\n', line), `${block}Host a\n  User b\n`);
    assert.equal(withInclude('# mine\nHost a', line), `${block}# mine\nHost a`);
  });

  it('is left alone when it is there and counts', () => {
    for (const above of ['', '# a comment\n\n', 'Include other\ninclude=more\n', '\t\n'])
      for (const below of ['', 'Host a\n  User b\n', 'User b']) {
        assert.equal(withInclude(above + block + below, line), undefined);
        assert.equal(withInclude(crlf(above + block + below), line), undefined);
      }
  });

  it('counts when somebody wrote it by hand, as where the file is made by a tool', () => {
    assert.equal(withInclude(`# by nix\n  ${line}  \nHost a\n`, line), undefined);
    assert.equal(withInclude(`Host a\n${line}\n`, line), `${block}Host a\n${line}\n`);
  });

  it('moves up when a host or an option stands above it', () => {
    for (const above of ['Host a\n  User b\n', 'Match all\n', 'StrictHostKeyChecking no\n', 'IncludeX y\n'])
      assert.equal(withInclude(`${above}${block}Host z\n`, line), `${block}${above}Host z\n`);
  });

  it('names the new file when ours has moved', () => {
    const old = block.replace('.gpu-rental', '.old');
    assert.equal(withInclude(`# a\n${old}Host z\n`, line), `${block}# a\nHost z\n`);
  });

  it('keeps CRLF, and a byte order mark in front', () => {
    assert.equal(withInclude('Host a\r\n  User b\r\n', line), crlf(`${block}Host a\n  User b\n`));
    const bom = '\u00ef\u00bb\u00bf';
    assert.equal(withInclude(`${bom}Host a\n`, line), `${bom}${block}Host a\n`);
    assert.equal(withInclude(`${bom}${block}Host a\n`, line), undefined);
    assert.equal(withoutInclude(`${bom}${block}Host a\n`), `${bom}Host a\n`);
  });

  it('leaves again without a trace', () => {
    assert.equal(withoutInclude(`# a\n${block}Host z\n`), '# a\nHost z\n');
    assert.equal(withoutInclude(block), '');
    assert.equal(withoutInclude('Host z\n'), undefined);
    assert.equal(withoutInclude(`${line}\n`), undefined, 'what somebody wrote by hand is theirs');
  });

  it('is not touched when its marks are damaged', () => {
    const [opening = '', inside = '', closing = ''] = block.split('\n');
    const damaged = [
      [opening], [closing], [opening, inside], [inside, closing], [opening, closing], [closing, inside, opening],
      [opening, inside, closing, opening, inside, closing], [opening, opening, inside, closing],
      [opening, inside, 'Host mine', closing], [opening, 'Host mine', closing], [opening, inside, closing, closing],
    ];
    for (const lines of damaged)
      for (const text of [`${lines.join('\n')}\n`, `Host a\r\n${lines.join('\r\n')}`]) {
        throwsWith(() => withInclude(text, line), 'sshConfig', /damaged marks/);
        throwsWith(() => withoutInclude(text), 'sshConfig', /damaged marks/);
      }
  });

  it('is not put into what ssh could not read', () => {
    throwsWith(() => withInclude(Buffer.from('\ufeffHost a\n', 'utf16le').toString('latin1'), line), 'sshConfig', /plain text/);
  });

  it('is quoted, with what Include takes for a pattern made literal', () => {
    assert.equal(includeLine('C:\\Users\\Ada Byron\\ssh\\config', 'win32'), 'Include "C:/Users/Ada Byron/ssh/config"');
    assert.equal(includeLine('/a/[b]*?/config', 'linux'), 'Include "/a/[[]b][*][?]/config"');
  });

  const userLine = fc.oneof(
    fc.constantFrom('', 'Host a', '  User b', '# note', 'Include x', 'Match all', 'ForwardAgent yes', '\t', line),
    fc.string({ unit: 'binary-ascii' }).map((text) => text.replace(/[\r\n\0]/g, ' ')),
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1').replace(/[\r\n\0]/g, ' ')),
  );
  const userText = fc
    .tuple(fc.array(userLine), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, eol, ended]) => lines.join(eol) + (ended ? eol : ''));

  it('never changes a byte of the user\'s own', () => {
    fc.assert(fc.property(userText, (text) => {
      const added = withInclude(text, line);
      if (added === undefined) return;
      assert.ok(added.endsWith(text));
      assert.equal(withoutInclude(added), text);
    }));
  });

  it('needs no second edit, wherever the block had been', () => {
    fc.assert(fc.property(userText, userText, fc.constantFrom(line, 'Include "/elsewhere"'), (above, below, inside) => {
      const ended = above === '' || above.endsWith('\n') ? above : `${above}\n`;
      const text = ended + block.replace(line, inside) + below;
      const after = withInclude(text, line) ?? text;
      assert.equal(withInclude(after, line), undefined);
      assert.equal(withoutInclude(after), ended + below);
    }));
  });

  it('keeps the bytes of a path beyond ASCII', () => {
    const added = withInclude('', includeLine('/home/ådå/config', 'linux')) ?? '';
    assert.ok(Buffer.from(added, 'latin1').toString('utf8').includes('"/home/ådå/config"'));
  });
});
