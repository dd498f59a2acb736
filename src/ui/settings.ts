import type { Caps } from '../domain/caps.ts';
import type { LimitAction } from '../domain/guard.ts';
import { usd, type Usd } from '../domain/money.ts';
import type { ProviderId } from '../domain/offer.ts';

/** Every setting with the value that holds when nobody has set it; the manifest test compares. */
export const settingDefaults = {
  'gpuRental.endpoints.vast': 'https://console.vast.ai',
  'gpuRental.endpoints.runpod': 'https://api.runpod.io',
  'gpuRental.endpoints.lambda': 'https://cloud.lambda.ai',
  'gpuRental.limits.budgetUsd': 5,
  'gpuRental.limits.leaseHours': 8,
  'gpuRental.limits.idleMinutes': 30,
  'gpuRental.limits.atLimit': 'stop',
  'gpuRental.limits.diskGb': 40,
  'gpuRental.limits.sessionUsd': 0,
  'gpuRental.limits.monthUsd': 0,
  'gpuRental.image.vast': '',
  'gpuRental.image.runpod': '',
  'gpuRental.image.lambda': '',
  'gpuRental.openIn': 'newWindow',
  'gpuRental.sensitiveWork': 'ask',
  'gpuRental.sync.onSave': false,
  'gpuRental.estimate.codeLens': true,
} as const;
export type SettingId = keyof typeof settingDefaults;

export interface LimitSettings {
  readonly budget: Usd;
  readonly leaseHours: number;
  /** 0 is never. */
  readonly idleMinutes: number;
  readonly atLimit: LimitAction;
  readonly diskGb: number;
}

export type SensitiveWork = 'ask' | 'on' | 'off';

export interface Settings {
  readonly limits: LimitSettings;
  readonly caps: Caps;
  readonly openIn: 'newWindow' | 'currentWindow';
  /** `on`: only datacentres are rented from here. `ask`: the person is asked where it looks as if it should be. */
  readonly sensitiveWork: SensitiveWork;
  /** Whether a script that trains shows its cost above the line that drives it. */
  readonly estimateLens: boolean;
  /** Whether saved files go to the machine that their folder was uploaded to. */
  readonly syncOnSave: boolean;
  endpoint(provider: ProviderId): string;
  /** Undefined where the provider's usual image is to be used. */
  image(provider: ProviderId): string | undefined;
}

export type ReadSetting = (id: SettingId) => unknown;

/** What is asked of money and time is bounded here too: settings.json accepts anything. */
export const limitBounds = {
  budgetUsd: { least: 0.1, most: 10_000 },
  leaseHours: { least: 0.25, most: 720 },
  idleMinutes: { least: 0, most: 1440 },
  diskGb: { least: 10, most: 10_000 },
  sessionUsd: { least: 0, most: 100_000 },
  monthUsd: { least: 0, most: 100_000 },
} as const;

/** A live view of the settings: each look reads the value of now. */
export function createSettings(read: ReadSetting): Settings {
  const bounded = (name: keyof typeof limitBounds): number => {
    const value = read(`gpuRental.limits.${name}`);
    const { least, most } = limitBounds[name];
    return typeof value === 'number' && value >= least && value <= most ? value : settingDefaults[`gpuRental.limits.${name}`];
  };
  return {
    get limits(): LimitSettings {
      return {
        budget: usd(bounded('budgetUsd')),
        leaseHours: bounded('leaseHours'),
        idleMinutes: Math.round(bounded('idleMinutes')),
        atLimit: read('gpuRental.limits.atLimit') === 'destroy' ? 'destroy' : 'stop',
        diskGb: Math.round(bounded('diskGb')),
      };
    },
    get caps() {
      return { session: usd(bounded('sessionUsd')), month: usd(bounded('monthUsd')) };
    },
    get openIn() {
      return read('gpuRental.openIn') === 'currentWindow' ? 'currentWindow' : 'newWindow';
    },
    get sensitiveWork() {
      const value = read('gpuRental.sensitiveWork');
      return value === 'on' || value === 'off' ? value : 'ask';
    },
    get estimateLens() {
      return read('gpuRental.estimate.codeLens') !== false;
    },
    get syncOnSave() {
      return read('gpuRental.sync.onSave') === true;
    },
    endpoint: (provider) => text(read(`gpuRental.endpoints.${provider}`)) ?? settingDefaults[`gpuRental.endpoints.${provider}`],
    image: (provider) => text(read(`gpuRental.image.${provider}`)),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
