import type { Html } from './html.ts';

/** Puts new text into the page without taking the keyboard away from where somebody is. */
export class Patcher {
  readonly #root: HTMLElement;
  readonly #drawn = new Map<string, string>();

  constructor(root: HTMLElement, frame: Html) {
    this.#root = root;
    root.innerHTML = frame.text;
  }

  draw(parts: ReadonlyMap<string, string>): void {
    for (const [name, text] of parts) {
      if (this.#drawn.get(name) === text) continue;
      const place = this.#root.querySelector<HTMLElement>(`[data-part="${name}"]`);
      if (place === null) continue;
      this.#drawn.set(name, text);
      keepingFocus(place, () => {
        place.innerHTML = text;
      });
    }
  }
}

function keepingFocus(place: HTMLElement, change: () => void): void {
  const active = document.activeElement;
  const held = active instanceof HTMLElement && active.id !== '' && place.contains(active) ? active : undefined;
  // Half a number that somebody is typing is not lost because prices were read meanwhile.
  const typed = held instanceof HTMLInputElement && held.value !== held.defaultValue ? held.value : undefined;
  change();
  if (held === undefined) return;
  // What was said has a way back in place of its line; an answered question is a fact now, until it is taken back.
  const name = held.dataset['set'] ?? held.dataset['answer'] ?? held.dataset['unset'];
  const other = held.id.endsWith('-place') ? held.id.replace(/place$/, 'back') : held.id.replace(/back$/, 'place');
  const again = [held.id, other, `fact-${name}`, `question-${name}`].map((id) => document.getElementById(id)).find((one) => one !== null);
  if (typed !== undefined && again instanceof HTMLInputElement) again.value = typed;
  again?.focus({ preventScroll: true });
}
