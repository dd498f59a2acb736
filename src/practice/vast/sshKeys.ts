// Keys of the account, and of one instance. An account key reaches only the
// instances created after it; a running one gets a key by attaching it.
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import { fail, invalidArgs, isRecord, json, noSuchInstance, ok } from './answers.ts';
import { contractOf, type SshKey, type VastMarket } from './market.ts';

const keyLine = (body: unknown): string | null =>
  isRecord(body) && typeof body['ssh_key'] === 'string' && body['ssh_key'].trim() !== '' ? body['ssh_key'].trim() : null;

const blob = (line: string) => line.split(/\s+/)[1] ?? line;

function show(market: VastMarket, key: SshKey) {
  return {
    id: key.id,
    user_id: market.userId,
    key: key.line,
    public_key: key.line,
    created_at: new Date(key.createdAt).toISOString(),
    deleted_at: null,
  };
}

function makeKey(market: VastMarket, line: string): SshKey {
  return { id: market.nextId('key'), line, createdAt: market.world.clock.now() };
}

/** Vast stores what it is given, a file's path included: only the text is checked for being there. */
function addAccountKey(market: VastMarket, call: HttpCall): HttpAnswer {
  const line = keyLine(call.body);
  if (line === null) return invalidArgs('ssh_key is required');
  if (market.accountKeys.some((key) => blob(key.line) === blob(line)))
    return fail(400, 'duplicate_ssh_key', 'This SSH key is on the account already.');
  const key = makeKey(market, line);
  market.accountKeys = [...market.accountKeys, key];
  return ok({ key: show(market, key) });
}

function accountKey(market: VastMarket, call: HttpCall): SshKey | undefined {
  return market.accountKeys.find((key) => key.id === Number(call.params['id']));
}

const noKey = () => fail(400, 'no_ssh_key', 'No such SSH key.');

function accountRoutes(market: VastMarket): Route[] {
  const one = '/api/v0/ssh/{id}/';
  return [
    {
      method: 'GET',
      path: '/api/v0/ssh/',
      handle: () =>
        market.accountKeys.length === 0
          ? fail(404, 'no_ssh_key', 'No SSH keys found.')
          : json(market.accountKeys.map((key) => show(market, key))),
    },
    { method: 'POST', path: '/api/v0/ssh/', handle: (call) => addAccountKey(market, call) },
    {
      method: 'PUT',
      path: one,
      handle(call) {
        const key = accountKey(market, call);
        const line = keyLine(call.body);
        if (key === undefined) return noKey();
        if (line === null) return invalidArgs('ssh_key is required');
        market.accountKeys = market.accountKeys.map((other) => (other === key ? { ...key, line } : other));
        return ok({ key: show(market, { ...key, line }) });
      },
    },
    {
      method: 'DELETE',
      path: one,
      handle(call) {
        const key = accountKey(market, call);
        if (key === undefined) return noKey();
        market.accountKeys = market.accountKeys.filter((other) => other !== key);
        return ok();
      },
    },
  ];
}

function instanceRoutes(market: VastMarket): Route[] {
  const all = '/api/v0/instances/{id}/ssh/';
  return [
    {
      method: 'GET',
      path: all,
      handle(call) {
        const contract = contractOf(market, call.params['id']);
        if (contract === undefined) return noSuchInstance(call.params['id'] ?? '');
        // A string that holds JSON, as on the real wire.
        return ok({ ssh_keys: JSON.stringify(contract.keys.map((key) => show(market, key))) });
      },
    },
    {
      method: 'POST',
      path: all,
      handle(call) {
        const contract = contractOf(market, call.params['id']);
        const line = keyLine(call.body);
        if (contract === undefined) return noSuchInstance(call.params['id'] ?? '');
        if (line === null) return invalidArgs('ssh_key is required');
        if (contract.keys.some((key) => blob(key.line) === blob(line)))
          return fail(400, 'duplicate_ssh_key', 'This SSH key is on the instance already.');
        contract.keys = [...contract.keys, makeKey(market, line)];
        return ok({ msg: 'SSH key added to instance.' });
      },
    },
    {
      method: 'DELETE',
      path: '/api/v0/instances/{id}/ssh/{key}/',
      handle(call) {
        const contract = contractOf(market, call.params['id']);
        if (contract === undefined) return noSuchInstance(call.params['id'] ?? '');
        const kept = contract.keys.filter((key) => key.id !== Number(call.params['key']));
        if (kept.length === contract.keys.length) return noKey();
        contract.keys = kept;
        return ok({ msg: 'SSH key removed from instance.' });
      },
    },
  ];
}

export const sshKeyRoutes = (market: VastMarket): Route[] => [...accountRoutes(market), ...instanceRoutes(market)];
