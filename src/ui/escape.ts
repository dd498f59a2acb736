/**
 * On a marketplace every string of a provider or a host may be written by a stranger. What reaches
 * a label, a notification, a terminal's name or Markdown goes through here first.
 */

// Controls, and the marks that reorder or hide text.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** One line of plain text: no icon syntax, no link syntax, no invisible characters, of bounded length. */
export function plain(text: string, longest = 120): string {
  const line = text.replace(unseen, ' ').replace(/\s+/g, ' ').trim();
  const shown = line.length > longest ? `${[...line].slice(0, longest - 1).join('')}…` : line;
  // Labels turn `$(name)` into an icon, and notifications turn `[text](target)` into a link.
  return shown.replace(/\$\(/g, '$ (').replace(/\]\(/g, '] (');
}

/** The same, for a Markdown text: shown as it is, whatever it contains. */
export const markdown = (text: string, longest?: number): string =>
  plain(text, longest).replace(/[\\`*_{}[\]()#+\-.!|~<>&:@/$^="]/g, (mark) => `&#${mark.codePointAt(0)};`);

/** A terminal's or a file's name. */
export const fileName = (text: string): string => plain(text, 60).replace(/[^\p{L}\p{N} ._×-]/gu, '-');
