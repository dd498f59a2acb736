/**
 * How figures are written, apart from money (domain/money.ts). Rounding never flatters: reliability
 * and free space go down. Times are the reader's local time on a 24-hour clock.
 */
import { formatRate, formatUsd, perMonth, usd, type UsdPerHour } from '../domain/money.ts';
import type { Translate } from './voice.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `45 s`, `1 m 40 s`, `2 h 10 m`, `3 d 4 h`: two units at most, and no zero second unit. */
export function duration(ms: number, t: Translate): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return pair(t('{0} d', days), hours % 24, t('{0} h', hours % 24));
  if (hours > 0) return pair(t('{0} h', hours), minutes % 60, t('{0} m', minutes % 60));
  if (minutes > 0) return pair(t('{0} m', minutes), seconds % 60, t('{0} s', seconds % 60));
  return t('{0} s', seconds);
}

const pair = (first: string, rest: number, second: string): string => (rest === 0 ? first : `${first} ${second}`);

/** `30 minutes`, `1 hour`: a span in a sentence. */
export function spanWords(ms: number, t: Translate): string {
  const minutes = Math.round(ms / minuteMs);
  if (minutes === 1) return t('1 minute');
  if (minutes === 60) return t('1 hour');
  return minutes % 60 === 0 && minutes > 0 ? t('{0} hours', minutes / 60) : t('{0} minutes', minutes);
}

/** Whole minutes once there are any: what is read while it changes need not be exact. */
export const roughly = (ms: number, t: Translate): string => duration(ms < minuteMs ? ms : Math.floor(ms / minuteMs) * minuteMs, t);

export const age = (ms: number, t: Translate): string => t('{0} ago', roughly(ms, t));

const two = (value: number): string => String(value).padStart(2, '0');

/** `14:03:20`: when something was read. */
export function timeOfDay(at: number): string {
  const time = new Date(at);
  return `${clock(time)}:${two(time.getSeconds())}`;
}

/** `18:40` today, `02:40 tomorrow`, `2025-12-03 18:40` beyond. */
export function moment(at: number, now: number, t: Translate): string {
  const time = new Date(at);
  const days = Math.round((midnight(at) - midnight(now)) / dayMs);
  if (days === 0) return clock(time);
  if (days === 1) return t('{0} tomorrow', clock(time));
  return `${date(at)} ${clock(time)}`;
}

export function date(at: number): string {
  const time = new Date(at);
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

const clock = (time: Date): string => `${two(time.getHours())}:${two(time.getMinutes())}`;
const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** `99.4 %`, rounded down, so that 99.96 % is never sold as 100 %. */
export function percent(share: number): string {
  const tenths = Math.floor(share * 1000 + 1e-9);
  return tenths === 1000 ? '100 %' : `${(tenths / 10).toFixed(1)} %`;
}

export const gb = (size: number): string => `${Math.round(size)} GB`;
export const gpus = (count: number, gpu: string): string => `${count}× ${gpu}`;

/** `2× 24 GB`. */
export const memory = (count: number, vramGb: number): string => `${count}× ${gb(vramGb)}`;

export const speed = (mbps: number): string => (mbps >= 1000 ? `${(mbps / 1000).toFixed(1)} Gbit/s` : `${Math.round(mbps)} Mbit/s`);

/** Traffic prices are fractions of a cent per GB, so they are told by the terabyte. */
export const perTerabyte = (usdPerGb: number, t: Translate): string =>
  usdPerGb === 0 ? t('free') : t('{0} per TB', formatUsd(usd(usdPerGb * 1000)));

/** `$0.020/h ($14.60 a month)`: what a small rate that never ends comes to. */
export const rateAndMonth = (rate: UsdPerHour, t: Translate): string =>
  t('{0} ({1} a month)', formatRate(rate), formatUsd(perMonth(rate)));

export const offersCount = (count: number, t: Translate): string =>
  count === 1 ? t('1 offer') : t('{0} offers', grouped(count));

/** `10,000`: a comma in every language, as money has a point in every language. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** Parts of one line; empty ones vanish. */
export const line = (...parts: (string | undefined | false)[]): string => parts.filter((part) => part).join(' · ');
