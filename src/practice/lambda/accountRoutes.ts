// What there is to rent, and what the account has beside instances.
import { newHostKey } from '../pod/hostKey.ts';
import type { HttpAnswer, Route } from '../httpServer.ts';
import { bodyOf, requiredText, text } from './fields.ts';
import { imagesView } from './images.ts';
import { problem, Refusal } from './problems.ts';
import { findRegion, regions } from './regions.ts';
import { route } from './routes.ts';
import { newId, type Lambda } from './state.ts';
import { filesystemView, isInUse, keyView, typesView, type View } from './views.ts';

export function accountRoutes(lambda: Lambda): Route[] {
  const { sshKeys, filesystems } = lambda;
  return [
    route('GET', '/api/v1/instance-types', () => typesView(lambda)),
    route('GET', '/api/v1/regions', () => regions),
    route('GET', '/api/v1/images', imagesView),
    route('GET', '/api/v1/ssh-keys', () => [...sshKeys.values()].map(keyView)),
    route('POST', '/api/v1/ssh-keys', (call) => addKey(lambda, call.body)),
    route('DELETE', '/api/v1/ssh-keys/{id}', (call) => {
      if (!sshKeys.delete(call.params['id'] ?? '')) throw new Refusal('global/not-found');
      return {};
    }),
    { method: 'GET', path: '/api/v1/audit-events', handle: (call) => auditPage(lambda, call.query) },
    // The two spellings are Lambda's.
    route('GET', '/api/v1/file-systems', () => [...filesystems.values()].map((each) => filesystemView(lambda, each))),
    route('POST', '/api/v1/filesystems', (call) => addFilesystem(lambda, call.body)),
    route('DELETE', '/api/v1/filesystems/{id}', (call) => deleteFilesystem(lambda, call.params['id'] ?? '')),
  ];
}

/** Without a key of one's own a pair is made, and the private half is told this once. */
function addKey(lambda: Lambda, sent: unknown): View {
  const body = bodyOf(sent);
  const name = requiredText(body, 'name', /^[\s\S]{1,64}$/);
  const given = text(body, 'public_key', /^\S[\s\S]{0,4095}$/);
  if ([...lambda.sshKeys.values()].some((key) => key.name === name)) throw new Refusal('global/invalid-parameters', 'Invalid request data: there is an SSH key of this name.');
  const made = given === undefined ? newHostKey() : undefined;
  const key = { id: newId(lambda), name, publicKey: given ?? made?.line ?? '' };
  lambda.sshKeys.set(key.id, key);
  lambda.audit.note('ssh_key', 'created', key.id);
  return { ...keyView(key), ...(made === undefined ? {} : { private_key: made.secret }) };
}

/** The only answer that has something beside `data`. */
function auditPage({ audit }: Lambda, query: URLSearchParams): HttpAnswer {
  const [from, to] = [query.get('start') ?? '1970-01-01', query.get('end') ?? '9999-12-31'].map(Date.parse) as [number, number];
  if (Number.isNaN(from) || Number.isNaN(to)) return problem('global/invalid-parameters');
  return { status: 200, body: { data: audit.events(from, to), page_token: null } };
}

function addFilesystem(lambda: Lambda, sent: unknown): View {
  const body = bodyOf(sent);
  const name = requiredText(body, 'name', /^[a-zA-Z]+[0-9a-zA-Z-]*$/);
  const region = findRegion(requiredText(body, 'region'));
  if (region === undefined || name.length > 60) throw new Refusal('global/invalid-parameters');
  if ([...lambda.filesystems.values()].some((each) => each.name === name)) throw new Refusal('global/duplicate');
  const filesystem = { id: newId(lambda), name, region, createdAt: lambda.world.agenda.now() };
  lambda.filesystems.set(filesystem.id, filesystem);
  lambda.audit.note('filesystem', 'created', filesystem.id);
  return filesystemView(lambda, filesystem);
}

function deleteFilesystem(lambda: Lambda, id: string): View {
  const filesystem = lambda.filesystems.get(id);
  if (filesystem === undefined) throw new Refusal('global/object-does-not-exist', 'Filesystem was not found.');
  if (isInUse(lambda, filesystem)) throw new Refusal('filesystems/filesystem-in-use');
  lambda.filesystems.delete(id);
  return { deleted_ids: [id] };
}
