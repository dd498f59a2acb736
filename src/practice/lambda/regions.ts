// Where Lambda's machines stand.

export interface Region {
  readonly name: string;
  readonly description: string;
}

const rows: readonly (readonly [name: string, description: string])[] = [
  ['us-west-1', 'California, USA'], ['us-west-2', 'Arizona, USA'], ['us-west-3', 'Utah, USA'], ['us-south-1', 'Texas, USA'],
  ['us-south-2', 'North Texas, USA'], ['us-south-3', 'Central Texas, USA'], ['us-midwest-1', 'Illinois, USA'], ['us-east-1', 'Virginia, USA'],
  ['europe-central-1', 'Germany'], ['asia-northeast-1', 'Osaka, Japan'], ['asia-northeast-2', 'Tokyo, Japan'], ['asia-south-1', 'India'],
  ['me-west-1', 'Israel'], ['australia-east-1', 'Sydney, Australia'],
];

export const regions: readonly Region[] = rows.map(([name, description]) => ({ name, description }));

export const findRegion = (name: string): Region | undefined => regions.find((region) => region.name === name);
