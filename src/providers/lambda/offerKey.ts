/** An offer is a type of instance in a region; Lambda numbers no machines. */
import { regionName, typeName } from './schemas/instanceType.ts';

export interface Wish {
  readonly type: string;
  readonly region: string;
}

export const encodeOfferKey = ({ type, region }: Wish): string => `${type}~${region}`;

export function decodeOfferKey(key: string): Wish | undefined {
  const at = key.indexOf('~');
  const [type, region] = [typeName.safeParse(key.slice(0, at)).data, regionName.safeParse(key.slice(at + 1)).data];
  return at < 0 || type === undefined || region === undefined ? undefined : { type, region };
}
