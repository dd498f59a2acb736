import assert from 'node:assert/strict';

/** Secrets that must not turn up, in any form in which they could. */
export class Canaries {
  readonly #secrets = new Map<string, string>();

  add(what: string, secret: string): void {
    assert.ok(secret.length > 8, `${what} is too short to be looked for`);
    this.#secrets.set(secret, what);
  }

  get count(): number {
    return this.#secrets.size;
  }

  /** `except`: secrets that belong where the text is. */
  assertAbsent(where: string, text: string, ...except: readonly string[]): void {
    for (const [secret, what] of this.#secrets) {
      if (except.includes(secret)) continue;
      for (const form of formsOf(secret)) {
        const at = text.indexOf(form);
        if (at >= 0) assert.fail(`${what} stands in ${where}: …${text.slice(Math.max(0, at - 80), at)}<here>`);
      }
    }
  }
}

const formsOf = (secret: string): ReadonlySet<string> =>
  new Set([
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -2),
    Buffer.from(secret).toString('hex'),
    [...secret].toReversed().join(''),
  ]);
