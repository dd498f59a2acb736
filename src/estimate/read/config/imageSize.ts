/** Sizes of images as trainers of diffusion models write them: a number, two, `1024,768`, several buckets, megapixels. */
import { type ConfigJob, tell } from './job.ts';
import { type Node, numberOf, textOf } from './node.ts';

/** The side of a square with as many pixels: work follows pixels, not sides. */
export function sideOf(node: Node | undefined): number | undefined {
  const sides = sidesIn(node);
  const [width, height = width] = sides;
  return width === undefined || height === undefined ? undefined : Math.round(Math.sqrt(width * height));
}

function sidesIn(node: Node | undefined): readonly number[] {
  const listed = node?.items?.map(numberOf) ?? textOf(node)?.split(/[,x×]/).map((part) => Number(part.trim())) ?? [numberOf(node)];
  return listed.filter((side) => side !== undefined && side > 0 && Number.isFinite(side)).map(Number);
}

/** Several sizes of one set are buckets that take turns: the mean of their pixels. */
export function tellBuckets(job: ConfigJob, nodes: readonly Node[]): void {
  const sides = nodes.flatMap(sidesIn);
  const [node] = nodes;
  if (node === undefined || sides.length === 0) return;
  const mean = Math.round(Math.sqrt(sides.reduce((sum, side) => sum + side * side, 0) / sides.length));
  const several = new Set(sides).size > 1;
  tellSide(job, mean, node, several ? sides.join(', ') : undefined);
}

export function tellSide(job: ConfigJob, side: number | undefined, node: Node | undefined, note?: string): void {
  if (side === undefined || side < 8 || side > 100_000) return;
  tell(job, 'resolution', side, node, note === undefined ? {} : { certainty: 'derived', note });
}
