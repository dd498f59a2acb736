// The machine images Lambda starts. Every region has all of them, for both kinds of processor.
import { hexAt } from '../random.ts';
import type { InstanceType } from './instanceTypes.ts';
import { regions, type Region } from './regions.ts';

type Architecture = 'x86_64' | 'arm64';

interface Image {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly family: string;
  readonly version: string;
  readonly architecture: Architecture;
  readonly region: Region;
}

const families: readonly (readonly [family: string, description: string, version: string])[] = [
  ['lambda-stack-22-04', 'Lambda Stack for Ubuntu 22.04', '22.4.5'],
  ['lambda-stack-24-04', 'Lambda Stack for Ubuntu 24.04', '24.4.2'],
  ['gpu-base-22-04', 'NVIDIA drivers on Ubuntu 22.04', '22.4.5'],
  ['gpu-base-24-04', 'NVIDIA drivers on Ubuntu 24.04', '24.4.2'],
];

const created = '2026-09-15T00:00:00+00:00';

const images: readonly Image[] = regions.flatMap((region) =>
  families.flatMap(([family, description, version]) =>
    (['x86_64', 'arm64'] as const).map((architecture): Image => ({
      id: hexAt(32, family, architecture, region.name), name: `${family}-${version}-${architecture}`, description, family, version, architecture, region,
    })),
  ),
);

export const imagesView = (): readonly object[] => images.map((image) => ({ ...image, created_time: created, updated_time: created }));

/** Whether an instance of that type can be started with it there. */
export const hasImage = (region: Region, { arm }: InstanceType, id: string | undefined, family: string | undefined): boolean =>
  images.some((image) => image.region === region && image.architecture === (arm ? 'arm64' : 'x86_64') && (id === undefined ? image.family === family : image.id === id));
