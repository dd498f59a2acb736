/** Lists in the shape in which the three sources tell them, made up: every machine at a price that is asked of `price`. */
export interface Machine {
  readonly instance: string;
  readonly region: string;
  readonly price: number;
  readonly spot?: number;
}

const awsHead = 'instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor,flags,cpu_arch,provider_data\r\n';

export const awsTable = (machines: readonly Machine[]): string =>
  awsHead + machines.flatMap(({ instance, region, price, spot }) => [
    `${instance},${region},${price},8,32.0,1,L4,24.0,False,,nvidia,,x86,"{""zones"": [""a"", ""b""]}"\r\n`,
    ...(spot === undefined ? [] : [`${instance},${region},${spot},8,32.0,1,L4,24.0,True,,nvidia,,x86,{}\r\n`]),
  ]).join('');

const gcpHead = 'name,series,family,description,location,region,regionLocation,zones,vCpus,memoryGB,acceleratorCount,acceleratorType,spot,hour,hourSpot,month,monthSpot\n';

export const gcpTable = (machines: readonly Machine[]): string =>
  gcpHead + machines.map(({ instance, region, price, spot }) =>
    `${instance},g2,"Accelerator optimized","A machine, with a GPU",,${region},"Council Bluffs, Iowa","${region}-a, ${region}-b",4,16.0,1,nvidia-l4,1.0,${price},${spot ?? 0},${price * 730},0.0\n`).join('');

export const azureItem = ({ instance, region, price }: Machine, change: Record<string, unknown> = {}): object => ({
  currencyCode: 'USD', tierMinimumUnits: 0, retailPrice: price, unitPrice: price, armRegionName: region, location: 'US East', effectiveStartDate: '2026-01-01T00:00:00Z',
  meterId: '000a794b-bdb0-58be-a0cd-0c3a0f222923', meterName: instance, productId: 'DZH318Z0BQPS', skuId: 'DZH318Z0BQPS/00TG', productName: 'Virtual Machines NCA100v4 Series',
  skuName: instance, serviceName: 'Virtual Machines', serviceId: 'DZH313Z7MMC8', serviceFamily: 'Compute', unitOfMeasure: '1 Hour', type: 'Consumption', isPrimaryMeterRegion: true,
  armSkuName: instance, ...change,
});

export const azurePage = (items: readonly object[], next: string | null = null): string =>
  JSON.stringify({ BillingCurrency: 'USD', CustomerEntityId: 'Default', CustomerEntityType: 'Retail', Items: items, NextPageLink: next, Count: items.length });
