/** The `data` of each event in the text of an event stream, in order; a last event without its blank line counts too. */
export function eventData(stream: string): string[] {
  const events: string[] = [];
  let data: string[] = [];
  const end = (): void => {
    if (data.length > 0) events.push(data.join('\n'));
    data = [];
  };
  for (const line of stream.split(/\r\n|\r|\n/)) {
    if (line === '') end();
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
  }
  end();
  return events;
}
