/**
 * One file out of a zip archive. What cannot be proved whole is refused: a download that was cut has lost the directory
 * at its end, one that was spliced has another checksum.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { RentError } from '../../domain/errors.ts';

const endOfDirectory = 0x06054b50;
const entryMark = 0x02014b50;
const localMark = 0x04034b50;
const endLength = 22;
const entryLength = 46;
const localLength = 30;
const stored = 0;
const deflated = 8;

/** `mostBytes` of what comes out: a few kilobytes can hold a very large file. */
export function fileInZip(archive: Buffer, name: string, mostBytes: number): Buffer {
  const entry = entryOf(archive, name);
  const from = entry.at + localLength;
  if (entry.at + localLength > archive.length || archive.readUInt32LE(entry.at) !== localMark) throw broken('its file is not where it should be');
  const start = from + archive.readUInt16LE(entry.at + 26) + archive.readUInt16LE(entry.at + 28);
  const packed = archive.subarray(start, start + entry.packed);
  if (packed.length !== entry.packed) throw broken('it was cut');
  if (entry.size > mostBytes) throw broken('its file is too large');
  const file = unpacked(packed, entry.method, mostBytes);
  if (file.length !== entry.size || crc32(file) !== entry.checksum) throw broken('its file is damaged');
  return file;
}

interface Entry {
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  /** Where its own header lies. */
  readonly at: number;
}

/** Sizes before the data may be missing; those in the directory are always there. */
function entryOf(archive: Buffer, name: string): Entry {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + endLength > archive.length || archive.readUInt32LE(end) !== endOfDirectory) throw broken('it has no end');
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + entryLength > end || archive.readUInt32LE(at) !== entryMark) throw broken('its directory is damaged');
    const nameLength = archive.readUInt16LE(at + 28);
    if (archive.toString('utf8', at + entryLength, at + entryLength + nameLength) === name) {
      return {
        method: archive.readUInt16LE(at + 10), checksum: archive.readUInt32LE(at + 16), packed: archive.readUInt32LE(at + 20),
        size: archive.readUInt32LE(at + 24), at: archive.readUInt32LE(at + 42),
      };
    }
    at += entryLength + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw broken('the file is not in it');
}

function unpacked(packed: Buffer, method: number, mostBytes: number): Buffer {
  if (method === stored) return packed;
  if (method !== deflated) throw broken('it is packed in an unknown way');
  try {
    return inflateRawSync(packed, { maxOutputLength: mostBytes });
  } catch (error) {
    throw new RentError('badResponse', { detail: 'the archive cannot be unpacked', cause: error });
  }
}

const broken = (how: string): RentError => new RentError('badResponse', { detail: `the archive is not whole: ${how}` });
