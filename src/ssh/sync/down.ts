import { RentError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports.ts';
import type { SyncOrder, SyncResult } from '../../domain/sync.ts';
import { downJobs } from './downFetch.ts';
import { planDown } from './downPlan.ts';
import { Landing } from './landing.ts';
import { runLanes } from './lanes.ts';
import { Left } from './left.ts';
import { Machine } from './machine.ts';
import { packing } from './packing.ts';
import { Progress } from './progress.ts';
import { Slices } from './slices.ts';

export async function syncDown({ link, localFolder, remoteFolder, signal, only, onProgress }: SyncOrder, clock: Clock): Promise<SyncResult> {
  const began = clock.elapsed();
  const machine = new Machine({ link, folder: remoteFolder, clock, signal });
  const left = new Left();
  const progress = new Progress(clock, onProgress);
  const slices = new Slices(clock);
  const tools = await machine.tools('none', false);
  const landing = await Landing.open(localFolder, clock.now());
  try {
    const plan = await planDown({ landing, machine, left, slices, hashes: tools.sha256, signal, ...(only === undefined ? {} : { only }) });
    const bytes = plan.small.bytes + plan.big.bytes;
    const free = await landing.free();
    if (free < bytes) throw new RentError('diskFullHere', { detail: `${bytes} bytes are to come, and ${free} are free` });
    progress.begin(plan.small.files + plan.big.files + plan.links.length, bytes);
    const packs = packing(machine, progress, tools);
    const jobs = downJobs(plan, { landing, machine, left, progress, slices, tools, packs, listedAt: tools.now ?? 0 });
    await runLanes(jobs, { clock, signal, moved: () => progress.bytes });
    for (const { item, target } of plan.links) {
      const problem = await landing.placeLink(item, target);
      if (problem === undefined) progress.arrived(1);
      else left.add(item.path, problem);
    }
  } finally {
    await landing.tidy();
  }
  return { files: progress.files, bytes: progress.bytes, seconds: (clock.elapsed() - began) / 1000, skipped: left.list };
}
