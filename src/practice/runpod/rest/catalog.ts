// GET /v2/catalog/…: CPU flavours, data centres, public templates.
import { cpuAvailability, cpuFlavors, cpuSites, findCpuFlavor, type CpuFlavor } from '../cpuFlavors.ts';
import { gpuTypes } from '../gpuTypes.ts';
import { dataCenters, findDataCenter, type DataCenter } from '../places.ts';
import { Refusal } from '../problems.ts';
import type { Runpod } from '../runpod.ts';
import { level } from '../stock.ts';
import { templatesFrom, type PodTemplate } from '../templates.ts';
import { asListed, type View } from './gpuCatalog.ts';
import { malformed, type Parameters } from './query.ts';

export function listCpus(runpod: Runpod, query: Parameters): View {
  const available = cpuAvailabilityAsked(query);
  return { cpus: cpuFlavors.map((flavor) => cpuView(runpod, flavor, available)) };
}

export function getCpu(runpod: Runpod, id: string, query: Parameters): View {
  const available = cpuAvailabilityAsked(query);
  const flavor = findCpuFlavor(id);
  if (flavor === undefined) throw new Refusal(404, 'cpu flavor not found');
  return cpuView(runpod, flavor, available);
}

function cpuAvailabilityAsked(query: Parameters): boolean {
  const include = query.listOf('include', 'AVAILABILITY') ?? [];
  const products = query.listOf('product', 'POD', 'SERVERLESS') ?? [];
  const vcpus = query.integer('vcpuCount', 2);
  if (vcpus !== undefined && !Number.isInteger(Math.log2(vcpus))) throw malformed('vcpuCount', 'must be a power of two');
  if (include.length === 0 && (query.has('product') || vcpus !== undefined)) throw new Refusal(400, 'product and vcpuCount are only valid with include=AVAILABILITY');
  if (include.length > 0 && products.length === 0) throw new Refusal(400, 'product is required with include=AVAILABILITY');
  return include.length > 0;
}

function cpuView(runpod: Runpod, flavor: CpuFlavor, available: boolean): View {
  const sites = available ? cpuSites(runpod.world.seed, flavor.id, asListed(runpod)) : [];
  return {
    id: flavor.id,
    name: flavor.name,
    group: flavor.group,
    vcpu: { min: flavor.minVcpu, max: flavor.maxVcpu },
    ramGbPerVcpu: flavor.ramGbPerVcpu,
    price: { securePerVcpu: flavor.securePerVcpu, serverlessPerVcpu: flavor.serverlessPerVcpu },
    ...(available ? { availability: level(sites.length) } : {}),
    ...(sites.length === 0 ? {} : { dataCenters: sites }),
  };
}

const regions = ['NORTH_AMERICA', 'SOUTH_AMERICA', 'EUROPE', 'ASIA', 'MIDDLE_EAST', 'AFRICA', 'OCEANIA', 'ANTARCTICA', 'UNKNOWN'] as const;
const certificates = ['GDPR', 'ISO_IEC_27001', 'ISO_14001', 'PCI_DSS', 'HITRUST', 'SOC_1_TYPE_2', 'SOC_2_TYPE_2', 'SOC_3_TYPE_2', 'ITAR', 'FISMA_HIGH', 'HIPAA', 'RENEWABLE'] as const;

export function listDataCenters(runpod: Runpod, query: Parameters): View {
  const include = centerExpansions(query);
  const wantedRegions = query.listOf('regions', ...regions);
  const volumes = query.listOf('networkVolumeTypes', 'STANDARD', 'HIGH_PERFORMANCE') ?? [];
  const compliance = query.listOf('compliance', ...certificates) ?? [];
  const globalNetwork = query.flag('globalNetwork');
  const fits = (center: DataCenter) =>
    (wantedRegions === undefined || wantedRegions.includes(center.region)) &&
    volumes.every((type) => center.volumeTypes.includes(type)) &&
    compliance.every((certificate) => center.compliance.includes(certificate)) &&
    (globalNetwork === undefined || center.globalNetwork === globalNetwork);
  return { dataCenters: dataCenters.filter(fits).map((center) => centerView(runpod, center, include)) };
}

export function getDataCenter(runpod: Runpod, id: string, query: Parameters): View {
  const include = centerExpansions(query);
  const center = findDataCenter(id);
  if (center === undefined) throw new Refusal(404, 'data center not found');
  return centerView(runpod, center, include);
}

function centerExpansions(query: Parameters): readonly string[] {
  return query.listOf('include', 'GPU_AVAILABILITY', 'CPU_AVAILABILITY') ?? [];
}

function centerView(runpod: Runpod, center: DataCenter, include: readonly string[]): View {
  const at = asListed(runpod);
  const offered = new Set(include.includes('GPU_AVAILABILITY') ? runpod.stock.hosts.filter((host) => host.dataCenterId === center.id).map((host) => host.gpuTypeId) : []);
  const gpus = gpuTypes.filter((type) => offered.has(type.id)).map(({ id, name }) => ({ id, name, availability: runpod.stock.availability({ gpuTypeId: id, count: 1, dataCenterIds: [center.id] }, at) }));
  const cpus = include.includes('CPU_AVAILABILITY') ? cpuFlavors.map(({ id, name }) => ({ id, name, availability: cpuAvailability(runpod.world.seed, id, center.id, at) })) : [];
  return {
    id: center.id,
    name: center.name,
    region: center.region,
    globalNetwork: center.globalNetwork,
    networkVolumeTypes: center.volumeTypes,
    compliance: center.compliance,
    ...(gpus.length === 0 ? {} : { gpuAvailability: gpus }),
    ...(cpus.length === 0 ? {} : { cpuAvailability: cpus }),
  };
}

export function listTemplates(query: Parameters): View {
  const source = query.oneOf('source', 'official', 'verified', 'community') ?? 'official';
  return { templates: templatesFrom(source).map((template) => templateView(template, true)) };
}

export const listOwnTemplates = (): View => ({ templates: templatesFrom('own').map((template) => templateView(template, false)) });

function templateView({ volume, ...template }: PodTemplate, isPublic: boolean): View {
  return {
    ...template,
    mounts: volume === 0 ? {} : { persistent: { size: volume, path: '/workspace' } },
    registry: null,
    public: isPublic,
    allowedCudaVersions: [],
  };
}
