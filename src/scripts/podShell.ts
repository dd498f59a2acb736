/**
 * Shells that outlive their connection. They live in a tmux server of our own (or in screen), which is told to look like
 * nothing at all: no status line, no prefix key, no screen of its own, so that an editor's scrolling works as ever.
 */
import { shellQuote } from './shellQuote.ts';

/** What keeps a shell when the line goes. */
export type Keeper = 'tmux' | 'screen' | 'none';

export interface KeptShell {
  readonly name: string;
  /** Somebody looks at it now. */
  readonly attached: boolean;
  /** What runs in front; the shell itself when nothing does. */
  readonly running: string;
  readonly idle: boolean;
}

export interface Kept {
  readonly keeper: Keeper;
  readonly shells: readonly KeptShell[];
}

const mark = 'gpu-rental-shells';
const shells = /^-?(?:ba|z|da|a|k|c|tc|fi)?sh$/;
const named = /^[a-z0-9-]{1,40}$/;
/** A server of its own for each machine: what a computer plays several of would mix them up. */
const tmuxOf = (alias: string): string => `tmux -u -L ${alias}`;

/** Asks what keeps shells there, and which it has. */
export const askKept = (alias: string): string => `echo ${mark}
if command -v tmux >/dev/null 2>&1; then
  echo tmux
  ${tmuxOf(alias)} list-panes -a -F "#{session_name} #{session_attached} #{pane_current_command}" 2>/dev/null
elif command -v screen >/dev/null 2>&1; then
  echo screen
  screen -ls 2>/dev/null | sed -n "s/^[[:space:]]*[0-9]*\\.${alias}\\.\\([a-z0-9-]*\\)[[:space:]].*(\\([A-Za-z]*\\)).*/\\1 \\2 -/p"
else
  echo none
fi
exit 0
`;

export function readKept(printed: string): Kept | undefined {
  const at = printed.indexOf(`${mark}\n`);
  const [keeper, ...lines] = at < 0 ? [] : printed.slice(at + mark.length + 1).split('\n');
  if (keeper !== 'tmux' && keeper !== 'screen' && keeper !== 'none') return undefined;
  return { keeper, shells: lines.flatMap(readShell).slice(0, 50) };
}

function readShell(line: string): KeptShell[] {
  const [name = '', attached = '', ...rest] = line.split(' ');
  if (!named.test(name)) return [];
  const running = rest.join(' ').slice(0, 60);
  // screen does not say what runs: then it is not taken to be idle.
  return [{ name, attached: attached !== '0' && attached !== 'Detached', running, idle: shells.test(running) }];
}

export interface ShellOrder {
  readonly alias: string;
  readonly keeper: Keeper;
  /** `[a-z0-9-]`; kept shells are found again by it. */
  readonly name: string;
  readonly folder: string;
  /** Printed first, where the shell had to begin anew. */
  readonly lostNote: string;
  /** Printed first, where nothing keeps it. */
  readonly bareNote: string;
  /** `new`: nobody was in it yet. `again`: the line was lost. `back`: what it has said is shown too. */
  readonly entry: 'new' | 'again' | 'back';
}

/**
 * The command for a terminal. Login shells differ, so theirs is only to start `sh`; that in turn leaves the choice of
 * the shell within to tmux, which starts the user's own.
 */
export function shellCommand(order: ShellOrder): string {
  const script = order.keeper === 'none' ? bareShell(order) : order.keeper === 'tmux' ? inTmux(order) : inScreen(order);
  return `exec sh -c ${shellQuote(script)}`;
}

const enter = ({ folder }: ShellOrder): string => `TERM=xterm-256color; COLORTERM=truecolor; export TERM COLORTERM
unset TMUX STY
cd -- ${shellQuote(folder)} 2>/dev/null || cd
`;

const say = (note: string): string => `printf "\\033[2m%s\\033[0m\\r\\n" ${shellQuote(note)}`;
const login = '[ -x "$SHELL" ] || SHELL=$(command -v bash || echo /bin/sh); exec "$SHELL" -l';

const bareShell = (order: ShellOrder): string => `${enter(order)}${order.entry === 'again' ? `${say(order.lostNote)}\n` : ''}${say(order.bareNote)}
${login}`;

/**
 * Scrolled lines reach the terminal only without tmux's own second screen: a wheel then scrolls them as in any shell. What
 * an old tmux does not know is skipped (`-q`).
 */
const likeNothing = [
  'status off', 'prefix None', 'prefix2 None', 'mouse off', 'history-limit 50000', 'default-terminal screen-256color', 'set-titles off',
  'visual-bell off', 'bell-action any', 'terminal-overrides "xterm*:smcup@:rmcup@"',
];
const options = `${likeNothing.map((option) => `set-option -q -g ${option} \\; `).join('')}set-option -q -s escape-time 0 \\; `;

function inTmux(order: ShellOrder): string {
  const { alias, name, entry } = order;
  const tmux = tmuxOf(alias);
  // Blank lines push what is printed out of the screen, which attaching clears.
  const history = `${tmux} capture-pane -p -e -S -5000 -t =${name}: 2>/dev/null
  lines=$(stty size 2>/dev/null | cut -d " " -f 1); while [ "\${lines:=24}" -gt 0 ]; do echo; lines=$((lines - 1)); done`;
  return `${enter(order)}if ${tmux} has-session -t =${name} 2>/dev/null; then
  ${entry === 'back' ? history : ':'}
else
  ${entry === 'new' ? ':' : say(order.lostNote)}
  ${tmux} -f /dev/null start-server \\; ${options}new-session -d -s ${name} 2>/dev/null || { ${say(order.bareNote)}
  ${login}; }
fi
exec ${tmux} attach-session -d -t =${name}`;
}

const screenrc = 'startup_message off\\nvbell off\\naltscreen off\\ndefscrollback 50000\\ntermcapinfo xterm* ti@:te@\\nescape ""\\ndefutf8 on\\n';

function inScreen(order: ShellOrder): string {
  const { alias, name, entry } = order;
  const isThere = `screen -ls 2>/dev/null | grep -q "[.]${alias}[.]${name}[[:space:]]"`;
  return `${enter(order)}${entry === 'new' ? '' : `${isThere} || ${say(order.lostNote)}\n`}umask 077; rc="$HOME/.gpu-rental-screenrc"; printf "${screenrc.replaceAll('"', '\\"')}" > "$rc" 2>/dev/null
exec screen -q -U -c "$rc" -D -R -S ${alias}.${name}`;
}

/** Ends a kept shell that nothing runs in. */
export const endIdle = (alias: string, name: string): string => `${tmuxOf(alias)} has-session -t =${name} 2>/dev/null || exit 0
case "$(${tmuxOf(alias)} display-message -p -t =${name}: "#{pane_current_command}")" in *sh) ${tmuxOf(alias)} kill-session -t =${name};; *) exit 5;; esac
`;
