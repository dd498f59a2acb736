// Where RunPod's machines stand: its listed data centres, and for the
// community cloud also countries where no data centre is listed.

export interface DataCenter {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly location: string;
  readonly region: 'NORTH_AMERICA' | 'EUROPE' | 'ASIA' | 'OCEANIA';
  readonly globalNetwork: boolean;
  readonly volumeTypes: readonly ('STANDARD' | 'HIGH_PERFORMANCE')[];
  readonly compliance: readonly string[];
}

type Row = readonly [id: string, name: string, features: string];

// Features: g = global network, s = standard volumes, h = high-performance volumes, c = certified.
const rows: Readonly<Record<string, readonly Row[]>> = {
  'US|United States|NORTH_AMERICA': [
    ['US-IL-1', 'US Illinois 1', 'gsc'], ['US-TX-1', 'US Texas 1', 's'], ['US-TX-3', 'US Texas 3', 'gsc'], ['US-TX-4', 'US Texas 4', 'gsc'],
    ['US-KS-2', 'US Kansas 2', 'gshc'], ['US-KS-3', 'US Kansas 3', ''], ['US-GA-1', 'US Georgia 1', ''], ['US-GA-2', 'US Georgia 2', 'gsc'],
    ['US-WA-1', 'US Washington 1', 'sc'], ['US-CA-2', 'US California 2', 'gshc'], ['US-NC-1', 'US North Carolina 1', 'gsc'],
    ['US-DE-1', 'US Delaware 1', ''], ['US-MO-1', 'US Missouri 1', 's'],
  ],
  'CA|Canada|NORTH_AMERICA': [['CA-MTL-1', 'CA Montreal 1', 'gsc'], ['CA-MTL-2', 'CA Montreal 2', ''], ['CA-MTL-3', 'CA Montreal 3', 'sc']],
  'RO|Romania|EUROPE': [['EU-RO-1', 'EU Romania 1', 'gshc']],
  'SE|Sweden|EUROPE': [['EU-SE-1', 'EU Sweden 1', 'gsc']],
  'CZ|Czechia|EUROPE': [['EU-CZ-1', 'EU Czechia 1', 'gsc']],
  'NL|Netherlands|EUROPE': [['EU-NL-1', 'EU Netherlands 1', 'sc']],
  'FR|France|EUROPE': [['EU-FR-1', 'EU France 1', 'c']],
  'IS|Iceland|EUROPE': [['EUR-IS-1', 'EUR Iceland 1', 'gshc'], ['EUR-IS-2', 'EUR Iceland 2', 'gsc'], ['EUR-IS-3', 'EUR Iceland 3', 'c']],
  'NO|Norway|EUROPE': [['EUR-NO-1', 'EUR Norway 1', 'gsc']],
  'JP|Japan|ASIA': [['AP-JP-1', 'AP Japan 1', 'gsc']],
  'AU|Australia|OCEANIA': [['OC-AU-1', 'OC Australia 1', 's']],
};

function regionOf(text: string | undefined): DataCenter['region'] {
  return text === 'EUROPE' || text === 'ASIA' || text === 'OCEANIA' ? text : 'NORTH_AMERICA';
}

export const dataCenters: readonly DataCenter[] = Object.entries(rows).flatMap(([place, centers]) => {
  const [country = '', location = '', region] = place.split('|');
  return centers.map(([id, name, features]) => ({
    id,
    name,
    country,
    location,
    region: regionOf(region),
    globalNetwork: features.includes('g'),
    volumeTypes: [...(features.includes('s') ? ['STANDARD' as const] : []), ...(features.includes('h') ? ['HIGH_PERFORMANCE' as const] : [])],
    compliance: features.includes('c') ? ['SOC_2_TYPE_2', 'ISO_IEC_27001', ...(region === 'EUROPE' ? ['GDPR'] : [])] : [],
  }));
});

/** Community hosts also stand in countries without a listed data centre. */
export const communityOnlyCountries: readonly string[] = ['BG', 'PL', 'PT', 'TW', 'UA'];

export const countryCodes: readonly string[] = [...new Set([...dataCenters.map((center) => center.country), ...communityOnlyCountries])].toSorted();

export function findDataCenter(id: string): DataCenter | undefined {
  return dataCenters.find((center) => center.id === id);
}
