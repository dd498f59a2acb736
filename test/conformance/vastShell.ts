// The official Vast client, loaded once for many commands where the system can
// fork, and started anew for each where it cannot.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pythonEnvironment, runPython, type PythonClient, type PythonOutput } from './pythonClients.ts';

export interface VastShell {
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<PythonOutput>;
  close(): Promise<void>;
}

function isOutput(value: unknown): value is PythonOutput {
  return typeof value === 'object' && value !== null && 'stdout' in value && 'stderr' in value && 'code' in value;
}

export function openVastShell(client: PythonClient, env: Readonly<Record<string, string>>): VastShell {
  if (process.platform === 'win32') {
    return { run: (args, more) => runPython(client.script('vastai'), args, { ...env, ...more }), close: async () => {} };
  }
  const child = spawn(client.python, [join(import.meta.dirname, 'vastShell.py')], {
    env: pythonEnvironment(env),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let turn: Promise<unknown> = Promise.resolve();

  async function ask(args: readonly string[], more: Readonly<Record<string, string>>): Promise<PythonOutput> {
    child.stdin.write(`${JSON.stringify({ args, env: more })}\n`);
    const { value, done } = await lines.next();
    const answer: unknown = done === true ? undefined : JSON.parse(String(value));
    if (!isOutput(answer)) throw new Error(`vastai ${args.join(' ')} gave no answer`);
    return answer;
  }

  return {
    run(args, more = {}) {
      const answer = turn.then(() => ask(args, more));
      turn = answer.catch(() => {});
      return answer;
    },
    async close() {
      await turn;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
