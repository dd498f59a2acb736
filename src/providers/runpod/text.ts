/** Text from the wire, fit for a log line or a tooltip: one line, no control characters, never longer than `max`. */
export function cleanText(text: string, max: number): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').toWellFormed().trim();
  return plain.length <= max ? plain : `${plain.slice(0, max - 1).toWellFormed()}…`;
}
