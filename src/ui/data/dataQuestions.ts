/** Asks which data goes where. Every answer is one line, and turning away from any of them ends it. */
import { asked, pathProblem, type CredentialName, type Credentials, type DataPlace, type DataStore, type Direction } from '../../domain/dataStore.ts';
import type { DataRoute } from '../../domain/project.ts';
import { goBack, type Choice, type Dialogs } from '../dialogs.ts';
import type { Translate, Voice } from '../voice.ts';
import { routeWords, storeName } from './dataWords.ts';
import { isEndpoint } from './routes.ts';

export interface AskDeps {
  readonly dialogs: Dialogs;
  readonly voice: Voice;
}

/** One used before, or a new one. `folder`: where work is done on the machine. */
export async function askRoute(deps: AskDeps, before: readonly DataRoute[], folder: string): Promise<DataRoute | undefined> {
  const { dialogs, voice } = deps;
  const { t } = voice;
  const fresh: readonly Choice<Direction | DataRoute>[] = [
    { label: t('Bring data to the machine'), value: 'pull' },
    { label: t('Send results from the machine'), value: 'push' },
  ];
  const again = before.map((route, index): Choice<Direction | DataRoute> => ({ ...routeWords(route, voice), ...(index === 0 ? { section: t('Again') } : {}), value: route }));
  const chosen = await dialogs.pick({ title: t('Copy data'), placeholder: t('The machine itself copies; nothing goes through this computer.'), choices: [...fresh, ...again] });
  if (chosen === undefined || chosen === goBack) return undefined;
  return typeof chosen === 'string' ? askNew(deps, chosen, folder) : chosen;
}

async function askNew(deps: AskDeps, direction: Direction, folder: string): Promise<DataRoute | undefined> {
  const store = await askStore(deps);
  const path = store && (await askPath(deps, store));
  if (store === undefined || path === undefined) return undefined;
  const { t } = deps.voice;
  const there = await deps.dialogs.input({
    title: direction === 'pull' ? t('To which folder of the machine?') : t('From which folder of the machine?'),
    prompt: t('What is in it and differs is replaced on the other side; nothing is removed there.'),
    value: `${folder}/${direction === 'pull' ? 'data' : 'outputs'}`,
    refuse: (text) => (/^\/[^\p{Cc}]+$/u.test(text.trim()) && !text.split('/').includes('..') ? undefined : t('A path that begins with / is needed.')),
  });
  return there === undefined ? undefined : { direction, place: { store, path }, folder: there.trim().replace(/(?<=.)\/+$/, '') };
}

type Kind = 'aws' | 'r2' | 'runpod' | 'other' | 'gcs' | 'b2' | 'dataset' | 'model';

async function askStore({ dialogs, voice }: AskDeps): Promise<DataStore | undefined> {
  const { t } = voice;
  const kinds: readonly Kind[] = ['aws', 'r2', 'other', 'gcs', 'b2', 'dataset', 'model', 'runpod'];
  const kind = await dialogs.pick({
    title: t('Copy data'),
    placeholder: t('Where does it lie?'),
    choices: kinds.map((value) => ({ label: storeName(value, voice), value, ...(value === 'runpod' ? { detail: t('It takes S3 keys of its own, and lists slowly above 10,000 files.') } : {}) })),
  });
  switch (kind) {
    case undefined:
    case goBack:
      return undefined;
    case 'gcs':
    case 'b2':
      return { kind };
    case 'dataset':
    case 'model':
      return { kind: 'hub', holds: kind };
    case 'aws': {
      const region = await dialogs.input({ title: storeName(kind, voice), prompt: t('The bucket’s region.'), value: 'us-east-1', refuse: refusePlainly(/^[a-z]{2}(-[a-z]+)+-\d$/, t) });
      return region === undefined ? undefined : { kind: 's3', flavor: kind, region };
    }
    case 'runpod': {
      const region = await dialogs.input({ title: storeName(kind, voice), prompt: t('The volume’s data centre.'), placeholder: 'EU-RO-1', refuse: refusePlainly(/^[A-Za-z]{2,4}(-[A-Za-z]{2,3})?-\d$/, t) });
      return region === undefined ? undefined : { kind: 's3', flavor: kind, region: region.toUpperCase(), endpoint: `https://s3api-${region.toLowerCase()}.runpod.io` };
    }
    default: {
      const endpoint = await dialogs.input({
        title: storeName(kind, voice),
        prompt: t('The address of its S3 endpoint, as the machine reaches it.'),
        placeholder: kind === 'r2' ? 'https://ACCOUNT.r2.cloudflarestorage.com' : 'https://minio.example.org',
        refuse: (text) => (isEndpoint(text.trim()) ? undefined : t('An address such as {0} is needed.', 'https://minio.example.org')),
      });
      return endpoint === undefined ? undefined : { kind: 's3', flavor: kind, endpoint: new URL(endpoint.trim()).origin };
    }
  }
}

const refusePlainly = (pattern: RegExp, t: Translate) => (text: string): string | undefined => (pattern.test(text) ? undefined : t('That is not one.'));

async function askPath({ dialogs, voice }: AskDeps, store: DataStore): Promise<string | undefined> {
  const { t } = voice;
  const hub = store.kind === 'hub';
  const clean = (text: string): string => text.trim().replace(/^(s3|gs|b2|hf):\/\//, '').replace(/^\/+|\/+$/g, '');
  const path = await dialogs.input({
    title: hub ? t('Which repository?') : t('Which bucket and folder?'),
    prompt: hub ? t('As its page calls it.') : t('A bucket must be there already; a folder in it need not.'),
    placeholder: hub ? 'owner/name' : store.kind === 's3' && store.flavor === 'runpod' ? 'VOLUME_ID/data' : 'bucket/folder',
    refuse: (text) => (pathProblem({ store, path: clean(text) }) === undefined ? undefined : hub ? t('A name such as {0} is needed.', 'owner/name') : t('A bucket and a folder such as {0} are needed.', 'bucket/folder')),
  });
  return path === undefined ? undefined : clean(path);
}

/** Empty answers stand for data that everybody may read. */
export async function askCredentials({ dialogs, voice }: AskDeps, { store }: DataPlace, direction: Direction): Promise<{ readonly credentials: Credentials; readonly keep: boolean } | undefined> {
  const { t } = voice;
  const given: Partial<Record<CredentialName, string>> = {};
  for (const name of asked(store)) {
    const text = await dialogs.input({
      title: credentialTitle(store, name, t),
      prompt: direction === 'pull' ? t('Best one that opens this bucket alone. Leave it empty for public data.') : t('Best one that opens this bucket alone.'),
      secret: name !== 'keyId',
      refuse: (typed) => (direction === 'push' && typed.trim() === '' ? t('Nobody may write there without one.') : name === 'serviceAccount' && typed.trim() !== '' && !isServiceAccount(typed) ? t('That is not the JSON of a service account.') : undefined),
    });
    if (text === undefined) return undefined;
    if (text.trim() === '') return { credentials: {}, keep: false };
    given[name] = text.trim();
  }
  const keep = await dialogs.pick({
    title: t('Keep these keys?'),
    placeholder: t('The machine gets them for this one copy, and keeps nothing.'),
    choices: [{ label: t('Use them once'), value: false }, { label: t('Keep them in the editor’s secret storage'), value: true }],
  });
  return keep === undefined || keep === goBack ? undefined : { credentials: given, keep };
}

function credentialTitle(store: DataStore, name: CredentialName, t: Translate): string {
  switch (name) {
    case 'keyId':
      return store.kind === 'b2' ? t('Key ID') : t('Access key ID');
    case 'secret':
      return store.kind === 'b2' ? t('Application key') : t('Secret access key');
    case 'serviceAccount':
      return t('Service account key (the JSON)');
    case 'token':
      return t('Access token');
  }
}

function isServiceAccount(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'private_key' in value && 'client_email' in value;
  } catch {
    return false;
  }
}
