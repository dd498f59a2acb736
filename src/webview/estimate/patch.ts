/** Puts new text into the page without taking the keyboard away from where somebody is. */
export class Patcher {
  readonly #root: HTMLElement;
  readonly #drawn = new Map<string, string>();

  constructor(root: HTMLElement) {
    this.#root = root;
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
  // An answered question is a fact now, and one that was taken back a question.
  const name = held.dataset['set'] ?? held.dataset['answer'] ?? held.dataset['unset'];
  const again = [held.id, `fact-${name}`, `question-${name}`].map((id) => document.getElementById(id)).find((one) => one !== null);
  if (typed !== undefined && again instanceof HTMLInputElement) again.value = typed;
  again?.focus({ preventScroll: true });
}
