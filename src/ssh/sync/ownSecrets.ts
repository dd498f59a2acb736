/** The keys of the providers we rent from, which no scanner knows. */
export interface OwnSecret {
  readonly at: number;
  readonly what: string;
}

const rules: readonly { readonly what: string; readonly shape: RegExp }[] = [
  { what: 'lambda', shape: /\bsecret_[\w-]{1,80}\.[A-Za-z0-9]{16,128}\b/gi },
  { what: 'runpod', shape: /\brpa_[A-Z0-9]{30,64}\b/gi },
  // 64 hex digits are a hash as well, unless something beside them speaks of Vast.
  { what: 'vast', shape: /\bvast[^\n]{0,80}?\b[0-9a-f]{64}\b/gi },
];

export function ownSecrets(text: string, path: string): OwnSecret[] {
  const found = rules.flatMap(({ what, shape }) => [...text.matchAll(shape)].map(({ index }) => ({ at: index, what })));
  const isKeyFile = /(?:^|\/)[^/]*vast[^/]*$/i.test(path) && /^\s*[0-9a-f]{64}\s*$/i.test(text);
  return isKeyFile ? [...found, { at: 0, what: 'vast' }] : found;
}
