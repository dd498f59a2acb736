/** Where data lies that is neither here nor on a machine: a bucket, or a repository of the Hugging Face hub. */
export type DataStore =
  | S3Store
  | { readonly kind: 'gcs' }
  | { readonly kind: 'b2' }
  | { readonly kind: 'hub'; readonly holds: HubKind };

export type HubKind = 'dataset' | 'model';

export interface S3Store {
  readonly kind: 's3';
  /** Whose quirks to expect; `other` is anything that speaks S3, MinIO among it. */
  readonly flavor: 'aws' | 'r2' | 'runpod' | 'other';
  /** Everywhere but at AWS. */
  readonly endpoint?: string;
  readonly region?: string;
}

export interface DataPlace {
  readonly store: DataStore;
  /** `bucket/prefix`, or `owner/name` on the hub. */
  readonly path: string;
}

/** What opens a store. An empty one stands for what everybody may read. */
export type Credentials = Readonly<Partial<Record<CredentialName, string>>>;
export type CredentialName = 'keyId' | 'secret' | 'serviceAccount' | 'token';

/** Which of them a store asks for, in the order in which people find them on its page. */
export function asked(store: DataStore): readonly CredentialName[] {
  switch (store.kind) {
    case 's3':
    case 'b2':
      return ['keyId', 'secret'];
    case 'gcs':
      return ['serviceAccount'];
    case 'hub':
      return ['token'];
  }
}

/** What credentials are kept for: never sent to another endpoint or another bucket. */
export function bindingOf({ store, path }: DataPlace): string {
  const bucket = path.split('/')[0] ?? '';
  switch (store.kind) {
    case 's3':
      return `s3:${store.endpoint === undefined ? `aws/${store.region ?? ''}` : new URL(store.endpoint).origin}/${bucket}`;
    case 'hub':
      return 'hub'; // one token opens a person's whole account there
    default:
      return `${store.kind}/${bucket}`;
  }
}

/** `s3://bucket/prefix`, `hf://datasets/owner/name`: as other tools write it. */
export function addressOf({ store, path }: DataPlace): string {
  switch (store.kind) {
    case 's3':
      return `s3://${path}`;
    case 'gcs':
      return `gs://${path}`;
    case 'b2':
      return `b2://${path}`;
    case 'hub':
      return `hf://${store.holds === 'dataset' ? 'datasets/' : ''}${path}`;
  }
}

/** Why a path cannot be one of the store's; undefined when it can. */
export type PathProblem = 'bucket' | 'repository' | 'unsafe';

export function pathProblem({ store, path }: DataPlace): PathProblem | undefined {
  if (/\p{Cc}/u.test(path) || path.length > 1024 || path.split('/').includes('..')) return 'unsafe';
  if (store.kind === 'hub') return /^[A-Za-z0-9][\w.-]{0,95}(\/[A-Za-z0-9][\w.-]{0,95})?$/.test(path) ? undefined : 'repository';
  return /^[A-Za-z0-9][\w.-]{1,221}(\/.*)?$/.test(path) ? undefined : 'bucket';
}

export type Direction = 'pull' | 'push';

/** As far as it is. Figures come from the machine. */
export interface TransferProgress {
  readonly files: number;
  readonly bytes: number;
  readonly filesInAll?: number;
  readonly bytesInAll?: number;
  readonly leftMs?: number;
}

export interface TransferResult {
  /** Copied now; what was the same on both sides is not counted. */
  readonly files: number;
  readonly bytes: number;
  /** Looked at and found the same. */
  readonly same: number;
}

/** Why a copy did not come to its end. */
export type TransferProblem = 'denied' | 'notFound' | 'diskFull' | 'unreachable' | 'noTool' | 'other';

export class TransferError extends Error {
  readonly problem: TransferProblem;
  /** The tool's own words, without anything secret. */
  readonly detail: string;
  constructor(problem: TransferProblem, detail: string) {
    super(`${problem}: ${detail}`);
    this.name = 'TransferError';
    this.problem = problem;
    this.detail = detail;
  }
}
