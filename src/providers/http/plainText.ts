/**
 * On a marketplace anybody writes the names, places and status lines. They become one short line
 * without control characters, line breaks or marks that turn the direction of the text around.
 */
/** Marks that turn the direction of text around, and other ends of a line: what is read is then not what stands there. */
export const misleading = /[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

export function plainText(text: string, longest = 200): string {
  const line = text.replace(unprintable, ' ').replace(/\s+/g, ' ').trim();
  if (line.length <= longest) return line;
  // Not in the middle of a surrogate pair.
  return `${line.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
