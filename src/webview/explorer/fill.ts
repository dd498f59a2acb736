/** The person's words with the page's figures in them. */
export const fill = (text: string, ...figures: readonly (string | number)[]): string =>
  text.replace(/\{(\d)\}/g, (hole, index: string) => String(figures[Number(index)] ?? hole));

/** `10,000`, as everywhere in the product. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
