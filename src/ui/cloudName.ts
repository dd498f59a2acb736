import type { Cloud } from '../estimate/catalogue/clouds.ts';

const names = { aws: 'AWS', azure: 'Azure', gcp: 'Google Cloud', lambda: 'Lambda' } as const satisfies Readonly<Record<Cloud, string>>;

export const cloudName = (cloud: Cloud): string => names[cloud];
