import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isRentError } from '../../../../src/domain/errors.ts';
import { fileInZip } from '../../../../src/providers/catalogues/zip.ts';
import { zipArchive } from '../../../fakes/zipArchive.ts';

const most = 1_000_000;
const refused = (archive: Buffer, name = 'a.csv', bytes = most): void => assert.throws(() => fileInZip(archive, name, bytes), (error) => isRentError(error, 'badResponse'));

describe('a file in an archive', () => {
  it('comes out as it went in, packed or not, whatever lies beside it', () => {
    fc.assert(fc.property(fc.string({ maxLength: 5000 }), fc.boolean(), (text, packed) => {
      const archive = zipArchive({ 'z.txt': 'other', 'a.csv': text }, { packed });
      assert.equal(fileInZip(archive, 'a.csv', most).toString('utf8'), Buffer.from(text).toString('utf8'));
    }));
  });

  it('is refused wherever the archive was cut', () => {
    const archive = zipArchive({ 'a.csv': 'name,price\n'.repeat(200) });
    for (let length = 0; length < archive.length; length++) refused(archive.subarray(0, length));
  });

  it('is refused where a byte of it was changed', () => {
    const text = 'name,price\nabc,1.5\n'.repeat(50);
    const archive = zipArchive({ 'a.csv': text });
    fc.assert(fc.property(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const other = Buffer.from(archive);
      other[at] = (other[at] ?? 0) ^ change;
      // Some bytes say nothing of the file: times, versions. No other ever yields another text.
      try {
        assert.equal(fileInZip(other, 'a.csv', most).toString('utf8'), text);
      } catch (error) {
        assert.ok(isRentError(error, 'badResponse'), String(error));
      }
    }), { numRuns: 500 });
  });

  it('is refused where it is larger than it may be, however small its archive is', () => {
    const archive = zipArchive({ 'a.csv': 'x'.repeat(100_000) });
    assert.ok(archive.length < 2000);
    refused(archive, 'a.csv', 99_999);
    // One that lies about its size is stopped while it comes out.
    archive.writeUInt32LE(10, archive.lastIndexOf('PK\u0001\u0002') + 24);
    refused(archive, 'a.csv', 50_000);
  });

  it('is refused where there is none', () => {
    refused(zipArchive({ 'b.csv': 'x' }));
    refused(Buffer.from('<html>not found</html>'));
    refused(Buffer.alloc(0));
  });
});
