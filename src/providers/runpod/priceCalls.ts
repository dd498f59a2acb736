/** The price list that needs no account. Both clouds come in one request, under two aliases. */
import type { Call } from '../../domain/http.ts';
import { parseData, readRows } from './body.ts';
import { graphqlCall, type Query } from './graphql.ts';
import { gpuTypesData, machineFloor, pricedGpu, type MachineFloor, type PricedGpu } from './schemas/gpuPrices.ts';

export interface PriceQuestion {
  readonly count: number;
  readonly gpuTypeId?: string;
  /** Secure can be asked for one data centre; Community has none. */
  readonly dataCenterId?: string;
}

export interface PricePage {
  readonly gpus: readonly PricedGpu[];
  readonly unread: number;
  readonly at: number;
}

/**
 * Prices per GPU from the type, stock from `lowestPrice`. Its own `uninterruptablePrice` is left
 * alone: clients disagree on whether that is for one GPU or for all, and the bill follows the list.
 */
export const readPrices = (question: PriceQuestion): Call<PricePage> =>
  graphqlCall(
    { key: 'none', retry: 'safe' },
    ask('id memoryInGb secureCloud communityCloud securePrice communityPrice', 'stockStatus', question),
    (data, answer) => {
      const { rows, unread } = readRows(pricedGpu, parseData(gpuTypesData, data, answer).gpuTypes);
      return { gpus: rows, unread, at: answer.at };
    },
  );

/**
 * What a machine has at least, asked apart: fields of `lowestPrice` have been withdrawn before, and
 * one unknown field fails a whole query. Never worth a repeat or a long wait.
 */
export const readFloors = (question: PriceQuestion): Call<readonly MachineFloor[]> =>
  graphqlCall({ key: 'none', retry: 'never', timeoutMs: 5_000 }, ask('id', 'minVcpu minMemory', question), (data, answer) =>
    readRows(machineFloor, parseData(gpuTypesData, data, answer).gpuTypes).rows,
  );

function ask(ofType: string, ofCloud: string, { count, gpuTypeId, dataCenterId }: PriceQuestion): Query {
  return {
    query:
      'query Prices($type: GpuTypeFilter, $secure: GpuLowestPriceInput, $community: GpuLowestPriceInput) {' +
      ` gpuTypes(input: $type) { ${ofType}` +
      ` secure: lowestPrice(input: $secure) { ${ofCloud} } community: lowestPrice(input: $community) { ${ofCloud} } } }`,
    variables: {
      ...(gpuTypeId === undefined ? {} : { type: { id: gpuTypeId } }),
      secure: { gpuCount: count, secureCloud: true, ...(dataCenterId === undefined ? {} : { dataCenterId }) },
      community: { gpuCount: count, secureCloud: false },
    },
  };
}
