import type { MachineLink } from '../../domain/machineLink.ts';
import { askKept, endIdle, readKept, type Kept } from '../../scripts/podShell.ts';

export type { Kept, KeptShell } from '../../scripts/podShell.ts';

/** The shells that go on there without anybody. A machine that cannot say keeps none. */
export async function keptShells(link: MachineLink): Promise<Kept> {
  const { stdout } = await link.run(askKept(link.alias));
  return readKept(stdout) ?? { keeper: 'none', shells: [] };
}

/** Resolves to whether something runs in it, which then goes on. */
export async function endShell(link: MachineLink, name: string): Promise<boolean> {
  return (await link.run(endIdle(link.alias, name))).code === 5;
}
