// The part of RunPod's GraphQL schema that its clients are known to use.
// Introspection is off in production, so this is what queries in public
// clients show; a field that is not here is refused as the real server does.
/** A scalar field is '', a field with a selection set names its object type. */
export interface FieldType {
  readonly object: string;
  readonly args: Readonly<Record<string, string>>;
}

export interface Schema {
  readonly objects: Readonly<Record<string, Readonly<Record<string, FieldType>>>>;
  readonly inputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
}

function scalars(names: string): Record<string, FieldType> {
  return Object.fromEntries(names.trim().split(/\s+/).map((name) => [name, { object: '', args: {} }]));
}

function object(type: string, args: Readonly<Record<string, string>> = {}): FieldType {
  return { object: type, args };
}

const DEPLOY_INPUT = {
  cloudType: 'CloudTypeEnum', gpuTypeId: 'String', gpuTypeIdList: '[String]', gpuCount: 'Int', name: 'String',
  imageName: 'String', containerDiskInGb: 'Int', volumeInGb: 'Int', volumeMountPath: 'String', volumeKey: 'String',
  networkVolumeId: 'String', ports: 'String', env: '[EnvironmentVariableInput]', dockerArgs: 'String',
  startSsh: 'Boolean', startJupyter: 'Boolean', supportPublicIp: 'Boolean', dataCenterId: 'String',
  countryCode: 'String', minVcpuCount: 'Int', minMemoryInGb: 'Int', minDownload: 'Int', minUpload: 'Int',
  minDisk: 'Int', allowedCudaVersions: '[String]', minCudaVersion: 'String', templateId: 'String',
  containerRegistryAuthId: 'String', deployCost: 'Float', globalNetwork: 'Boolean', stopAfter: 'DateTime',
  terminateAfter: 'DateTime',
};

export const RUNPOD_SCHEMA: Schema = {
  objects: {
    Query: {
      gpuTypes: object('GpuType', { input: 'GpuTypeFilter' }),
      dataCenters: object('DataCenter'),
      cpuFlavors: object('CpuFlavor'),
      ...scalars('countryCodes'),
      myself: object('User'),
      pod: object('Pod', { input: 'PodFilter' }),
    },
    Mutation: {
      podFindAndDeployOnDemand: object('Pod', { input: 'PodFindAndDeployOnDemandInput' }),
      podRentInterruptable: object('Pod', { input: 'PodRentInterruptableInput!' }),
      deployCpuPod: object('Pod', { input: 'DeployCpuPodInput!' }),
      podStop: object('Pod', { input: 'PodStopInput!' }),
      podResume: object('Pod', { input: 'PodResumeInput!' }),
      podTerminate: { object: '', args: { input: 'PodTerminateInput!' } },
      updateUserSettings: object('User', { input: 'UpdateUserSettingsInput' }),
    },
    GpuType: {
      ...scalars(`id displayName manufacturer memoryInGb cudaCores secureCloud communityCloud securePrice
        communityPrice secureSpotPrice communitySpotPrice oneWeekPrice oneMonthPrice threeMonthPrice
        sixMonthPrice clusterPrice maxGpuCount maxGpuCountSecureCloud maxGpuCountCommunityCloud minPodGpuCount`),
      nodeGroupDatacenters: object('DataCenter'),
      lowestPrice: object('LowestPrice', { input: 'GpuLowestPriceInput' }),
    },
    LowestPrice: {
      ...scalars(`gpuName gpuTypeId minimumBidPrice uninterruptablePrice minVcpu minMemory stockStatus
        availableGpuCounts compliance countryCode rentalPercentage rentedCount totalCount`),
      gpuTypeCudaVersions: object('GpuTypeCudaVersion'),
    },
    GpuTypeCudaVersion: scalars('cudaVersion availability'),
    DataCenter: {
      ...scalars('id name location listed storageSupport'),
      gpuAvailability: object('GpuAvailability', { input: 'GpuAvailabilityInput' }),
    },
    GpuAvailability: scalars('gpuTypeId displayName stockStatus available'),
    CpuFlavor: {
      ...scalars('id displayName groupId groupName minVcpu maxVcpu ramMultiplier diskLimitPerVcpu'),
      specifics: object('Specifics', { input: 'SpecificsInput' }),
    },
    Specifics: scalars('stockStatus securePrice slsPrice'),
    User: {
      ...scalars(`id email clientBalance currentSpendPerHr spendLimit clientLifetimeSpend pubKey
        notifyPodsStale notifyPodsGeneral notifyLowBalance`),
      pods: object('Pod'),
      networkVolumes: object('NetworkVolume'),
    },
    NetworkVolume: scalars('id name size dataCenterId'),
    Pod: {
      ...scalars(`id name imageName env containerDiskInGb volumeInGb volumeMountPath costPerHr adjustedCostPerHr
        desiredStatus lastStatusChange lastStartedAt createdAt dockerArgs dockerId gpuCount gpuPowerLimitPercent
        vcpuCount memoryInGb locked machineId podType port ports uptimeSeconds clusterIp templateId networkVolumeId`),
      machine: object('PodMachine'),
      runtime: object('PodRuntime'),
      latestTelemetry: object('PodTelemetry'),
    },
    PodMachine: scalars('podHostId gpuDisplayName gpuTypeId location dataCenterId maintenanceStart maintenanceEnd maintenanceNote'),
    PodTelemetry: scalars('state time'),
    PodRuntime: {
      ...scalars('uptimeInSeconds'),
      ports: object('PodRuntimePort'),
      gpus: object('PodRuntimeGpu'),
      container: object('PodRuntimeContainer'),
    },
    PodRuntimePort: scalars('ip isIpPublic privatePort publicPort type'),
    PodRuntimeGpu: scalars('id gpuUtilPercent memoryUtilPercent'),
    PodRuntimeContainer: scalars('cpuPercent memoryPercent'),
  },
  inputs: {
    GpuTypeFilter: { id: 'String', cluster: 'Boolean' },
    GpuLowestPriceInput: {
      gpuCount: 'Int', secureCloud: 'Boolean', dataCenterId: 'String', countryCode: 'String', minDisk: 'Int',
      totalDisk: 'Int', minMemoryInGb: 'Int', minVcpuCount: 'Int', minCudaVersion: 'String',
      allowedCudaVersions: '[String]', supportPublicIp: 'Boolean',
    },
    GpuAvailabilityInput: {
      gpuCount: 'Int', minDisk: 'Int', minMemoryInGb: 'Int', minVcpuCount: 'Int', secureCloud: 'Boolean',
      allowedCudaVersions: '[String]', minCudaVersion: 'String', includeAiApi: 'Boolean',
    },
    SpecificsInput: { dataCenterId: 'String', instanceId: 'String' },
    PodFilter: { podId: 'String!' },
    PodFindAndDeployOnDemandInput: DEPLOY_INPUT,
    PodRentInterruptableInput: { ...DEPLOY_INPUT, bidPerGpu: 'Float!' },
    DeployCpuPodInput: { ...DEPLOY_INPUT, instanceId: 'String' },
    EnvironmentVariableInput: { key: 'String!', value: 'String!' },
    PodStopInput: { podId: 'String!', incrementVersion: 'Boolean' },
    PodResumeInput: { podId: 'String!', gpuCount: 'Int' },
    PodTerminateInput: { podId: 'String!' },
    UpdateUserSettingsInput: { pubKey: 'String' },
  },
  enums: { CloudTypeEnum: ['ALL', 'SECURE', 'COMMUNITY'] },
};
