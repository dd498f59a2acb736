import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readAttributes } from '../../../../../src/practice/pod/sftp/attributes.ts';
import { BadRequest, data, encode, MAX_PACKET, names, packets, Reader, STATUS, status, text, u32, u64 } from '../../../../../src/practice/pod/sftp/protocol.ts';

async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function collect(source: AsyncIterable<Buffer>): Promise<string[]> {
  const all: string[] = [];
  for await (const packet of packets(source)) all.push(packet.toString('hex'));
  return all;
}

describe('SFTP on the wire', () => {
  it('cuts packets out of any pieces', async () => {
    const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 12 });
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(bodies, sizes, async (list, pieces) => {
        const stream = Buffer.concat(list.map((body) => text(Buffer.from(body))));
        assert.deepEqual(await collect(inPieces(stream, pieces)), list.map((body) => Buffer.from(body).toString('hex')));
      }),
    );
  });

  it('drops a packet that never ends and refuses one that is too long or empty', async () => {
    assert.deepEqual(await collect(inPieces(Buffer.concat([text('whole'), u32(9), Buffer.from('half')]), [3])), [Buffer.from('whole').toString('hex')]);
    await assert.rejects(collect(inPieces(u32(MAX_PACKET + 1), [4])), BadRequest);
    await assert.rejects(collect(inPieces(u32(0), [4])), BadRequest);
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(Number.MAX_SAFE_INTEGER), fc.uint8Array(), fc.uint8Array(), (small, large, bytes, name) => {
        const reader = new Reader(Buffer.concat([u32(small), u64(large), text(Buffer.from(bytes)), text(Buffer.from(name).toString('latin1'))]));
        assert.deepEqual([reader.u32(), reader.u64()], [small, large]);
        assert.deepEqual(reader.bytes(), Buffer.from(bytes));
        assert.deepEqual(Buffer.from(reader.text(), 'latin1'), Buffer.from(name));
      }),
    );
  });

  it('never reads beyond a request', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const reader = new Reader(Buffer.from(bytes));
        try {
          const [name, size] = [reader.bytes(), readAttributes(reader)];
          assert.ok(name.length <= bytes.length - 8 && typeof size === 'object');
        } catch (error) {
          assert.ok(error instanceof BadRequest, String(error));
        }
      }),
    );
    assert.throws(() => new Reader(Buffer.concat([u32(5), Buffer.from('four')])).bytes(), BadRequest);
  });

  it('gives answers the shape of the draft', () => {
    const hex = (id: number, answer: Parameters<typeof encode>[1]): string => encode(id, answer).toString('hex');
    const joined = (...parts: string[]): string => parts.join('');
    assert.equal(hex(7, status(STATUS.eof)), joined('0000001c', '65', '00000007', '00000001', '0000000b', Buffer.from('End of file').toString('hex'), '00000000'));
    assert.equal(hex(8, data(Buffer.from('ab'))), joined('0000000b', '67', '00000008', '00000002', '6162'));
    const one = names([{ name: 'é', long: 'l', attributes: u32(0) }]);
    assert.equal(hex(9, one), joined('00000017', '68', '00000009', '00000001', '00000001e9', '000000016c', '00000000'));
  });
});
