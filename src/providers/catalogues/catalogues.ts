/** The price lists of the large clouds, read when a person asks for it: without a key, from one address for each. */
import type { Catalogues, ListedCloud } from '../../domain/cloudPrice.ts';
import type { Http } from '../../domain/http.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { createHttp } from '../http/http.ts';
import type { Transport } from '../http/transport.ts';
import { awsPage, dstackOrigin } from './aws.ts';
import { azureOrigin, azurePage } from './azure.ts';
import { gcpOrigin, gcpPage } from './gcp.ts';

export const catalogueOrigins: Readonly<Record<ListedCloud, string>> = { aws: dstackOrigin, azure: azureOrigin, gcp: gcpOrigin };

export interface CatalogueOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly origins?: Readonly<Record<ListedCloud, string>>;
  readonly transport?: Transport;
}

const pages = { aws: awsPage, azure: azurePage, gcp: gcpPage } as const;

export function createCatalogues({ clock, log, version, origins = catalogueOrigins, transport }: CatalogueOptions): Catalogues {
  const door = (cloud: ListedCloud): Http => createHttp({
    origin: origins[cloud], key: () => Promise.resolve(undefined), clock, log, userAgent: `gpu-rental/${version}`, ...(transport === undefined ? {} : { transport }),
  });
  const doors = { aws: door('aws'), azure: door('azure'), gcp: door('gcp') };
  return { read: (cloud, wanted, signal) => pages[cloud](doors[cloud], wanted, signal) };
}
