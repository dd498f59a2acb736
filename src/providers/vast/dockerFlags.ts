/**
 * What a template of Vast's says in docker's flags: `-p 8080:8080 -e KEY=value -e "TWO=a b" -h host`. Anybody writes
 * templates, so what is not understood is left out, and nothing is ever run.
 */
export interface DockerFlags {
  readonly ports: readonly number[];
  readonly env: Readonly<Record<string, string>>;
}

/** Vast takes no longer names and values. */
const longest = 256;

export function readDockerFlags(line: string): DockerFlags {
  const words = wordsOf(line);
  const ports = new Set<number>();
  const env = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const [, flag, attached] = /^(-p|--publish|-e|--env)(?:=(.*))?$/s.exec(words[i] ?? '') ?? [];
    if (flag === undefined) continue;
    const value = attached ?? words[++i] ?? '';
    if (flag === '-p' || flag === '--publish') addPort(ports, value);
    else addVariable(env, value);
  }
  return { ports: [...ports], env: Object.fromEntries(env) };
}

/** `8080:80`, `80`, `8080:80/tcp`: the machine's own side of it. */
function addPort(ports: Set<number>, mapping: string): void {
  const [, text] = /^(?:\d{1,5}:)?(\d{1,5})(?:\/tcp)?$/.exec(mapping) ?? [];
  const port = Number(text);
  if (text !== undefined && port >= 1 && port <= 65_535) ports.add(port);
}

function addVariable(env: Map<string, string>, assignment: string): void {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(assignment) ?? [];
  if (name === undefined || value === undefined || name === '__proto__' || name.length > longest || value.length > longest) return;
  env.set(name, value);
}

/** As a shell would split them: quotes hold words together, a backslash takes the next character as it is. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\]|["'\\])+/gs)) {
    words.push(word.replace(/\\(.)|"((?:\\.|[^"\\])*)"|'([^']*)'/gs, (_, taken?: string, double?: string, single?: string) => taken ?? double?.replace(/\\(.)/gs, '$1') ?? single ?? ''));
  }
  return words;
}
