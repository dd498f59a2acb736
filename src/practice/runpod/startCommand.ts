// What runs in a pod's container. RunPod hands `args` to Docker, so no shell
// reads them; its own images come up by /start.sh, which starts sshd.

/** Words as a POSIX shell would split them, without expanding anything. */
export function splitArgs(args: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let index = 0; index < args.length; index += 1) {
    const char = args.charAt(index);
    if (char === "'" || char === '"') {
      const [inner, end] = quotedText(args, index);
      word = (word ?? '') + inner;
      index = end;
    } else if (char === '\\' && index + 1 < args.length) {
      index += 1;
      word = (word ?? '') + args.charAt(index);
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + char;
    }
  }
  return word === null ? words : [...words, word];
}

/** The text between quotes that open at `start`, and where they close. */
function quotedText(args: string, start: number): readonly [inner: string, end: number] {
  const quote = args.charAt(start);
  let inner = '';
  for (let index = start + 1; index < args.length; index += 1) {
    const char = args.charAt(index);
    if (char === quote) return [inner, index];
    const next = args.charAt(index + 1);
    if (quote === '"' && char === '\\' && /["\\$`\n]/.test(next)) {
      inner += next;
      index += 1;
    } else {
      inner += char;
    }
  }
  return [inner, args.length];
}

export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

export interface ContainerCommand {
  readonly image: string;
  readonly args: string;
  readonly cmd: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
}

function argv(command: ContainerCommand): readonly string[] {
  return [...(command.entrypoint ?? []), ...(command.cmd ?? splitArgs(command.args))];
}

/**
 * The container's command as a line for sh. A practice pod has no root file
 * system of its own, so `startScript` stands in for the image's /start.sh.
 */
export function startCommandOf(command: ContainerCommand, startScript: string): string {
  const words = argv(command);
  if (words.length === 0) return `exec ${shellQuote(startScript)}`;
  return words.map((word) => shellQuote(word.replaceAll(/(?<![\w./-])\/start\.sh(?![\w./-])/g, startScript))).join(' ');
}

/** Whether anything in the container starts sshd: overriding an image's command takes that away. */
export function startsSshd(command: ContainerCommand): boolean {
  const words = argv(command);
  if (words.length === 0) return command.image.startsWith('runpod/');
  return /\/start\.sh|sshd|service ssh/.test(words.join(' '));
}
