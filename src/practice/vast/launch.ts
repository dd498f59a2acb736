// Turns an ask and a checked request into an instance.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChargeLine } from '../ledger.ts';
import { hexAt, type Random } from '../random.ts';
import type { BootDelays, Rental } from '../rental.ts';
import { watchBid } from './bids.ts';
import type { LaunchRequest } from './launchRequest.ts';
import type { Contract, SshKey, VastMarket } from './market.ts';
import { hoursPerMonth } from './fixedColumns.ts';
import type { Ask } from './stock.ts';
import { meterTraffic } from './traffic.ts';
import { mountVolume, type LocalVolume } from './volumes.ts';

export interface Terms {
  readonly ask: Ask;
  readonly request: LaunchRequest;
  /** Dollars per hour for the GPUs. */
  readonly gpuUsd: number;
  /** Its GPUs are gone or were not asked for: the instance is born stopped. */
  readonly stopped: boolean;
  readonly volume: LocalVolume | null;
}

function delays(random: Random): BootDelays {
  const seconds = (low: number, high: number) => random.integer(low * 1000, high * 1000);
  return {
    scheduling: seconds(4, 15),
    loading: seconds(15, 45),
    ssh: seconds(3, 12),
    stopping: seconds(4, 12),
    reloading: seconds(5, 15),
    giveUp: seconds(15, 30),
  };
}

/** GPU while it is up, disk from create to destroy: also stopped, also while loading. */
function charges(rental: Rental, gpuUsd: number, storageUsd: number, diskGb: number): ChargeLine[] {
  const disk: ChargeLine = { kind: 'disk', usdPerHour: (storageUsd * diskGb) / hoursPerMonth };
  const up = rental.state === 'running' || rental.state === 'stopping';
  return up ? [{ kind: 'gpu', usdPerHour: gpuUsd }, disk] : [disk];
}

/** The same rules every container start: Vast's own variables first, the request's over them. */
function environment(market: VastMarket, contract: Contract, sshPort: number): Record<string, string> {
  const asked = contract.request.env.filter(([name]) => !name.startsWith('-'));
  return {
    CONTAINER_ID: String(contract.id),
    VAST_CONTAINERLABEL: `C.${contract.id}`,
    CONTAINER_API_KEY: contract.apiKey,
    PUBLIC_IPADDR: '127.0.0.1',
    SSH_PUBLIC_KEY: contract.keys.map((key) => key.line).join('\n'),
    GPU_COUNT: String(contract.gpus),
    // The real one is /workspace/; a practice pod has no root of its own.
    DATA_DIRECTORY: join(contract.rental.dir, 'root'),
    VAST_TCP_PORT_22: String(sshPort),
    VAST_URL: market.url,
    ...Object.fromEntries(asked),
  };
}

export async function launch(market: VastMarket, terms: Terms): Promise<Contract> {
  const { world, stock } = market;
  const { ask, request, stopped, volume } = terms;
  const { machine, gpus } = ask;
  const id = market.nextId('contract');
  const isBid = request.priceUsd !== null;
  const gpuUsd = terms.gpuUsd * (world.faults.hit('price-higher', 'vast') ? 1.5 : 1);
  const endsAt = stock.endsAt(machine);
  const keys: readonly SshKey[] = market.accountKeys;
  const proxy = await world.openDoor('wait');

  function holdsSeat(time: number): boolean {
    if (time >= endsAt) return false;
    if (isBid && contract.gpuUsd < stock.minBidUsd(ask, time)) return false;
    return stock.occupancy.take(machine, gpus, time);
  }

  // Apart from the contract: the first charge is drawn up while the rental is being made.
  const price = { gpuUsd };
  const rental = world.rentals.create({
    provider: 'vast',
    id: String(id),
    label: request.label,
    image: request.image,
    gpu: {
      name: `NVIDIA ${machine.gpu.datacenter ? '' : 'GeForce '}${machine.gpu.name}`,
      count: gpus,
      memoryMib: machine.gpu.vramMib,
      driver: machine.driver,
      cuda: machine.cuda.toFixed(1),
    },
    seat: { take: holdsSeat, release: () => stock.occupancy.release(machine, gpus) },
    delays: delays(world.random.fork(`vast/${id}`)),
    charges: (self) => charges(self, price.gpuUsd, machine.storageUsd, request.diskGb),
    stopped,
    // The args runtype leaves the image's own entrypoint: nobody starts an sshd.
    pod:
      request.runtype === 'args'
        ? null
        : {
            env: (sshPort) => environment(market, contract, sshPort),
            authorizedKeys: () => contract.keys.map((key) => key.line),
            onSsh: (port) => proxy.pointAt(port),
            ...(request.onstart === null ? {} : { startCommand: request.onstart }),
            async wipe(dir, why) {
              if (why !== 'recycle') return;
              await rm(join(dir, 'root'), { recursive: true, force: true });
              if (volume !== null) mountVolume(dir, volume, request.volume?.path ?? '');
            },
          },
  });
  const contract: Contract = {
    id,
    rental,
    request,
    machine,
    gpus,
    isBid,
    endsAt,
    proxy,
    volume,
    billed: { bytesIn: 0, bytesOut: 0 },
    keys,
    get gpuUsd() {
      return price.gpuUsd;
    },
    set gpuUsd(usd) {
      price.gpuUsd = usd;
    },
    apiKey: hexAt(64, world.seed, 'instance key', id),
    jupyterToken: hexAt(64, world.seed, 'jupyter', id),
    remaking: null,
  };
  if (volume !== null) mountVolume(rental.dir, volume, request.volume?.path ?? '');
  market.contracts.set(id, contract);
  world.agenda.at(endsAt, (time) => rental.stop('user', time));
  if (isBid) watchBid(market, contract);
  meterTraffic(market, contract);
  return contract;
}
