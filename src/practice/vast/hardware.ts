// What the machines around the GPUs are made of, and where they stand.

export interface Cpu {
  readonly name: string;
  readonly cores: number;
  readonly ghz: number;
  readonly board: string;
}

export const homeCpus: readonly [Cpu, ...Cpu[]] = [
  { name: 'AMD Ryzen 9 5950X 16-Core Processor', cores: 32, ghz: 3.4, board: 'X570 AORUS MASTER' },
  { name: 'AMD Ryzen 9 7950X 16-Core Processor', cores: 32, ghz: 4.5, board: 'PRO X670-P WIFI' },
  { name: 'Core™ i9-13900K', cores: 32, ghz: 3, board: 'Z790 Gaming' },
  { name: 'Core™ i5-6500', cores: 4, ghz: 3.2, board: 'Z170A' },
  { name: 'Xeon® E5-2680 v4', cores: 28, ghz: 2.4, board: 'X10DRG-Q' },
  { name: 'AMD Ryzen Threadripper 3960X 24-Core Processor', cores: 48, ghz: 3.8, board: 'TRX40 Creator' },
];

export const serverCpus: readonly [Cpu, ...Cpu[]] = [
  { name: 'AMD EPYC 7642 48-Core Processor', cores: 96, ghz: 2.3, board: 'H12SSL' },
  { name: 'AMD EPYC 7763 64-Core Processor', cores: 256, ghz: 2.5, board: 'G292-Z43-00' },
  { name: 'AMD EPYC 9554 64-Core Processor', cores: 256, ghz: 3.1, board: 'ROME2D32GM-2T' },
  { name: 'Xeon® Platinum 8480+', cores: 224, ghz: 2, board: 'X13DEG-OAD' },
  { name: 'Xeon® Gold 6230', cores: 80, ghz: 2.1, board: 'S7109GM2NR' },
];

export const disks: readonly [readonly [string, number], ...(readonly [string, number])[]] = [
  ['Samsung SSD 980 PRO', 3120.4],
  ['INTEL SSDPE2KX080T8', 2545.3],
  ['WD_BLACK SN850X', 4180.9],
  ['Samsung SSD 870', 500.2],
  ['KINGSTON SNV2S', 1410.7],
  ['SAMSUNG MZQL27T6HBLA', 5210.1],
];

// Vast writes the region, a comma and the country; both may be missing.
export const places: readonly [readonly [string | null, number], ...(readonly [string | null, number])[]] = [
  ['Norway, NO', 4],
  ['Sweden, SE', 6],
  ['Iceland, IS', 2],
  ['Germany, DE', 4],
  ['Poland, PL', 3],
  ['Czechia, CZ', 4],
  ['Bulgaria, BG', 3],
  ['United Kingdom, GB', 3],
  ['Netherlands, NL', 2],
  ['Spain, ES', 2],
  ['Texas, US', 8],
  ['California, US', 7],
  ['Washington, US', 5],
  ['North Carolina, US', 3],
  [', US', 2],
  ['Quebec, CA', 6],
  ['British Columbia, CA', 3],
  ['Guangxi, CN', 3],
  ['Taiwan, TW', 5],
  ['South Korea, KR', 4],
  ['Japan, JP', 3],
  ['Vietnam, VN', 3],
  ['Thailand, TH', 2],
  ['Australia, AU', 2],
  ['Utah, US', 2],
  [null, 2],
];

// version and the highest CUDA it runs
export const drivers: readonly [readonly [string, number], ...(readonly [string, number])[]] = [
  ['535.183.01', 12.2],
  ['550.163.01', 12.4],
  ['560.35.03', 12.6],
  ['570.124.04', 12.8],
  ['575.57.08', 12.9],
  ['580.95.05', 13],
];
