/**
 * RunPod sells no numbered machines: an offer is a wish that a create may or may not place. Its key
 * therefore spells the wish out, so that the same wish is the same offer in every reading.
 */
export const clouds = ['SECURE', 'COMMUNITY'] as const;
export type Cloud = (typeof clouds)[number];

export interface Wish {
  readonly cloud: Cloud;
  readonly count: number;
  /** Empty: wherever RunPod places it. */
  readonly dataCenterId: string;
  readonly gpuTypeId: string;
}

/** Ids that a key can carry and an address can hold; RunPod's own are well inside this. */
export const gpuTypeIdPattern = /^(?!\.+$)[\x20-\x7e]{1,120}$/;
export const dataCenterIdPattern = /^[A-Za-z0-9_-]{1,40}$/;

export const encodeOfferKey = ({ cloud, count, dataCenterId, gpuTypeId }: Wish): string =>
  `${cloud}~${count}~${dataCenterId}~${encodeURIComponent(gpuTypeId)}`;

export function decodeOfferKey(key: string): Wish | undefined {
  const [, cloud, count, dataCenterId, type] = /^(SECURE|COMMUNITY)~([1-9]\d{0,3})~([A-Za-z0-9_-]{0,40})~(.+)$/.exec(key) ?? [];
  if (cloud === undefined || dataCenterId === undefined || type === undefined) return undefined;
  const gpuTypeId = decoded(type);
  if (gpuTypeId === undefined || !gpuTypeIdPattern.test(gpuTypeId)) return undefined;
  const wish: Wish = { cloud: cloud === 'SECURE' ? 'SECURE' : 'COMMUNITY', count: Number(count), dataCenterId, gpuTypeId };
  return encodeOfferKey(wish) === key ? wish : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
