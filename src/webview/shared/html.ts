/** HTML that is safe by construction: whatever is filled in is text, unless it was made by `html` itself. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Filling = string | number | Html | undefined | false | readonly (string | number | Html)[];

export function html(pieces: TemplateStringsArray, ...fillings: readonly Filling[]): Html {
  return new Html(pieces.reduce((text, piece, index) => text + filled(fillings[index - 1]) + piece));
}

function filled(filling: Filling): string {
  if (filling === undefined || filling === false) return '';
  if (filling instanceof Html) return filling.text;
  if (typeof filling === 'object') return filling.map(filled).join('');
  return escape(String(filling));
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };
/** Marks that hide or reorder text have no business in a name; they are shown as a box. */
const unseen = /[\p{Cc}\p{Cf}]/gu;

export const escape = (text: string): string => text.replace(/[\t\n]/g, ' ').replace(unseen, '\u25A1').replace(/[&<>"'`]/g, (mark) => entities[mark] ?? mark);
