/** Of a line as much as this is kept: a stream without line ends must not fill the memory. */
const longest = 16_384;

/** Text in pieces as lines, without their ends. A last line without an end is dropped: it was cut off. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    const parts = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = (parts.pop() ?? '').slice(0, longest);
    for (const line of parts) yield line.replace(/\r$/, '').slice(0, longest);
  }
}
