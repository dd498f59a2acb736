// What GraphQL shows without a key: GPU types with their lowest price, data
// centres, countries, CPU flavours.
import { compareCuda } from '../cudaVersion.ts';
import { cpuAvailability, cpuFlavors } from '../cpuFlavors.ts';
import { gpuTypes, type Cloud, type GpuType } from '../gpuTypes.ts';
import { countryCodes, dataCenters, type DataCenter } from '../places.ts';
import type { Runpod } from '../runpod.ts';
import { level, type Availability, type StockQuery } from '../stock.ts';
import { inputOf, type Input } from './arguments.ts';
import type { Arguments, Resolver } from './execute.ts';

type Shape = Record<string, unknown>;

export function catalogueQueries(runpod: Runpod): Record<string, Resolver> {
  return {
    gpuTypes(args) {
      const id = inputOf(args).text('id');
      return gpuTypes.filter((type) => id === undefined || type.id === id).map((type) => gpuShape(runpod, type));
    },
    dataCenters: () => dataCenters.map((center) => centerShape(runpod, center)),
    countryCodes: () => countryCodes,
    cpuFlavors: () => cpuFlavors.map((flavor) => cpuShape(runpod, flavor)),
  };
}

function gpuShape(runpod: Runpod, type: GpuType): Shape {
  const price = (cloud: Cloud) => (type.price[cloud] === 0 ? null : type.price[cloud]);
  const secure = price('SECURE');
  const community = price('COMMUNITY');
  return {
    id: type.id,
    displayName: type.name,
    manufacturer: type.manufacturer === 'NVIDIA' ? 'Nvidia' : type.manufacturer,
    memoryInGb: type.memoryGb,
    cudaCores: type.cudaCores,
    secureCloud: type.maxCount.SECURE > 0,
    communityCloud: type.maxCount.COMMUNITY > 0,
    securePrice: secure,
    communityPrice: community,
    secureSpotPrice: null,
    communitySpotPrice: null,
    oneWeekPrice: discounted(secure, 0.95),
    oneMonthPrice: discounted(secure, 0.9),
    threeMonthPrice: discounted(secure, 0.85),
    sixMonthPrice: discounted(secure, 0.8),
    clusterPrice: null,
    maxGpuCount: Math.max(type.maxCount.SECURE, type.maxCount.COMMUNITY),
    maxGpuCountSecureCloud: type.maxCount.SECURE,
    maxGpuCountCommunityCloud: type.maxCount.COMMUNITY,
    minPodGpuCount: 1,
    nodeGroupDatacenters: dataCenters.filter(({ id }) => runpod.stock.matching({ gpuTypeId: type.id, count: 1, dataCenterIds: [id] }).length > 0).map((center) => centerShape(runpod, center)),
    lowestPrice: (args: Arguments) => lowestPrice(runpod, type, inputOf(args)),
  };
}

function discounted(price: number | null, factor: number): number | null {
  return price === null ? null : Math.round(price * factor * 100) / 100;
}

function stockQuery(type: { readonly id: string }, input: Input): StockQuery {
  const secure = input.flag('secureCloud');
  const dataCenterId = input.text('dataCenterId');
  const countryCode = input.text('countryCode');
  const minCudaVersion = input.text('minCudaVersion');
  return {
    gpuTypeId: type.id,
    count: input.number('gpuCount') ?? 1,
    cudaVersions: input.texts('allowedCudaVersions'),
    minVcpu: input.number('minVcpuCount') ?? 0,
    minRamGb: input.number('minMemoryInGb') ?? 0,
    ...(secure === undefined ? {} : { cloud: secure ? 'SECURE' : 'COMMUNITY' }),
    ...(dataCenterId === undefined ? {} : { dataCenterIds: [dataCenterId] }),
    ...(countryCode === undefined ? {} : { countryCodes: [countryCode] }),
    ...(minCudaVersion === undefined ? {} : { minCudaVersion }),
  };
}

function lowestPrice({ world, stock }: Runpod, type: GpuType, input: Input): Shape {
  const query = stockQuery(type, input);
  const now = world.agenda.now();
  const hosts = stock.matching(query);
  const rooms = stock.withRoom(query, now);
  const clouds = new Set((rooms.length > 0 ? rooms : hosts).map((host) => host.cloud));
  const price = clouds.size === 0 ? null : Math.min(...[...clouds].map((cloud) => type.price[cloud]));
  const room = new Set(rooms.map((host) => host.id));
  const versions = [...new Set(hosts.flatMap((host) => host.cuda ?? []))].toSorted(compareCuda);
  const total = hosts.reduce((sum, host) => sum + host.gpus, 0);
  const free = hosts.reduce((sum, host) => sum + stock.occupancy.free(host, now), 0);
  const most = Math.max(0, ...rooms.map((host) => stock.occupancy.free(host, now)));
  const smallest = (values: readonly number[]) => (values.length === 0 ? null : Math.min(...values));
  return {
    gpuName: type.name,
    gpuTypeId: type.id,
    uninterruptablePrice: price,
    // A bid is for all GPUs together. Spot is being withdrawn: nobody bids below the price.
    minimumBidPrice: price === null ? null : Math.round(price * query.count * 1000) / 1000,
    minVcpu: smallest(rooms.map((host) => host.vcpuPerGpu * query.count)),
    minMemory: smallest(rooms.map((host) => host.ramGbPerGpu * query.count)),
    stockStatus: hosts.length === 0 ? null : mixedCase(level(rooms.length)),
    availableGpuCounts: Array.from({ length: most }, (_, index) => index + 1),
    countryCode: rooms[0]?.country ?? null,
    rentalPercentage: total === 0 ? null : (total - free) / total,
    rentedCount: total - free,
    totalCount: total,
    gpuTypeCudaVersions: versions.map((version) => ({ cudaVersion: version, availability: hosts.some((host) => host.cuda === version && room.has(host.id)) ? 'AVAILABLE' : 'UNAVAILABLE' })),
  };
}

/** REST says HIGH where GraphQL says High. */
function mixedCase(availability: Availability): string {
  return availability.charAt(0) + availability.slice(1).toLowerCase();
}

function centerShape(runpod: Runpod, center: DataCenter): Shape {
  return {
    id: center.id,
    name: center.id,
    location: center.location,
    listed: true,
    storageSupport: center.volumeTypes.length > 0,
    gpuAvailability: (args: Arguments) => {
      const input = inputOf(args);
      return gpuTypes
        .filter((type) => type.manufacturer !== 'UNKNOWN')
        .map((type) => {
          const stock = runpod.stock.availability({ ...stockQuery(type, input), dataCenterIds: [center.id] }, runpod.world.agenda.now());
          return { gpuTypeId: type.id, displayName: type.name, stockStatus: stock === 'NONE' ? null : mixedCase(stock), available: stock !== 'NONE' };
        });
    },
  };
}

function cpuShape({ world }: Runpod, flavor: (typeof cpuFlavors)[number]): Shape {
  return {
    id: flavor.id,
    displayName: flavor.name,
    groupId: flavor.group.toLowerCase().replaceAll(' ', ''),
    groupName: flavor.group,
    minVcpu: flavor.minVcpu,
    maxVcpu: flavor.maxVcpu,
    ramMultiplier: flavor.ramGbPerVcpu,
    diskLimitPerVcpu: 10,
    specifics: (args: Arguments) => ({
      stockStatus: mixedCase(cpuAvailability(world.seed, flavor.id, inputOf(args).text('dataCenterId') ?? '', world.agenda.now())),
      securePrice: flavor.securePerVcpu,
      slsPrice: flavor.serverlessPerVcpu,
    }),
  };
}
