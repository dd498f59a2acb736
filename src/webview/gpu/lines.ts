/** Shares over time as the path of a line, broken where nobody looked. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

export function linePath(values: readonly (number | null)[], { width, height }: Room): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let path = '';
  let drawing = false;
  values.forEach((value, at) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const point = `${(at * step).toFixed(1)} ${((1 - Math.min(1, Math.max(0, value))) * height).toFixed(1)}`;
    // A point alone between gaps is a line of no length, which round ends make a dot.
    path += drawing ? `L${point}` : `M${point}l0 0`;
    drawing = true;
  });
  return path;
}
