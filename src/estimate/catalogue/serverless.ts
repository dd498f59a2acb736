/**
 * What RunPod Serverless asks for a worker that is at work, as its documentation lists it: runpod/docs,
 * snippets/serverless-gpu-pricing-table.mdx. For comparison only, never for a bill. A worker of several cards costs
 * so many times the price of one.
 */
import { type UsdPerHour, usdPerHour } from '../../domain/money.ts';

export interface ServerlessPrice {
  /** For one card, per hour of work; starting and waiting to be asked again are work too. */
  readonly rate: UsdPerHour;
  /** Day of the list, as year-month-day. */
  readonly readOn: string;
}

const readOn = '2026-06-08';

/** Dollars per second, for cards by the names of our table. */
const rows: readonly (readonly [gpus: readonly string[], vramGb: number, usdPerSecond: number])[] = [
  [['RTX A4000', 'RTX A4500', 'RTX 4000 Ada'], 16, 0.00016],
  [['L4', 'RTX A5000', 'RTX 3090'], 24, 0.00019],
  [['RTX 4090'], 24, 0.00031],
  [['RTX A6000', 'A40'], 48, 0.00034],
  [['L40', 'L40S', 'RTX 6000 Ada'], 48, 0.00053],
  [['A100 SXM', 'A100 PCIe'], 80, 0.00076],
  [['H100 SXM', 'H100 PCIe', 'H100 NVL'], 80, 0.00116],
  [['RTX PRO 6000 WS', 'RTX PRO 6000 S', 'RTX PRO 6000 Max-Q'], 96, 0.00111],
  [['H200'], 141, 0.00155],
  [['B200'], 180, 0.0024],
];

const byName: ReadonlyMap<string, { readonly vramGb: number; readonly price: ServerlessPrice }> =
  new Map(rows.flatMap(([gpus, vramGb, perSecond]) => gpus.map((gpu) => [gpu, { vramGb, price: { rate: usdPerHour(perSecond * 3600), readOn } }] as const)));

/** Undefined for cards that are not rented by the second, and for an A100 of 40 GB, which is another card. */
export function serverlessPrice(gpu: string, vramGb: number): ServerlessPrice | undefined {
  const found = byName.get(gpu);
  return found !== undefined && vramGb >= 0.95 * found.vramGb ? found.price : undefined;
}
