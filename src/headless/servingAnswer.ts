/** What answers instead of training, as JSON and as lines for people. */
import { formatRate, formatUsd, toDollars } from '../domain/money.ts';
import { allIn } from '../domain/offer.ts';
import type { ServingEstimate } from '../estimate/offers/serving.ts';
import { figures, onceEach, rounded, type Told } from './estimateAnswer.ts';

/** One kind of machine; `priced` tells a live offer from a card of the table. */
export interface ServingLine {
  readonly estimate: ServingEstimate;
  readonly priced: boolean;
}

export const servingTold = (lines: readonly ServingLine[]): Told => ({
  estimates: lines.map(toJson),
  lines: lines.map(toLine),
  notes: lines.slice(0, 1).flatMap(serverlessNote),
  assumptions: onceEach(lines.flatMap(({ estimate }) => estimate.assumptions)),
});

function toJson({ estimate: { offer, speed, batch, usdPerMillion, serverless }, priced }: ServingLine): object {
  const gb = speed === undefined ? undefined : (speed.weightsGb + speed.cacheGb) / speed.machine.count;
  return {
    gpu: offer.gpu, gpuCount: offer.gpuCount, gpuVramGb: offer.vramGb,
    vramGb: gb === undefined ? null : rounded({ low: gb, likely: gb, high: gb }),
    fits: speed === undefined ? null : speed.room > 0,
    // A server has no end, and so no cost of its own.
    hours: null, usd: null,
    tokensPerSecond: speed?.tokensPerSecond === undefined ? null : rounded(speed.tokensPerSecond),
    firstTokenSeconds: speed?.firstTokenSeconds === undefined ? null : rounded(speed.firstTokenSeconds),
    answerSeconds: speed?.answerSeconds === undefined ? null : rounded(speed.answerSeconds),
    requestsAtOnce: speed === undefined ? null : batch,
    requestsThatFit: speed?.room ?? null,
    ...(priced ? {
      usdPerMillionTokens: usdPerMillion === undefined ? null : { low: toDollars(usdPerMillion.low), likely: toDollars(usdPerMillion.likely), high: toDollars(usdPerMillion.high) },
      serverless: serverless === undefined ? null : {
        usdPerHour: toDollars(serverless.rate), readOn: serverless.readOn,
        cheaperBelowRequestsPerHour: Number.isFinite(serverless.requestsPerHour) ? figures(serverless.requestsPerHour) : null,
      },
      offer: offer.id, kind: offer.kind, allInUsdPerHour: toDollars(allIn(offer)), diskGb: offer.diskGb,
    } : {}),
  };
}

function toLine({ estimate: { offer, speed, usdPerMillion }, priced }: ServingLine): string {
  const name = `${offer.gpuCount}× ${offer.gpu}`;
  if (speed?.tokensPerSecond === undefined || speed.firstTokenSeconds === undefined) return `${name}  ${speed === undefined ? `${offer.vramGb} GB` : 'does not fit'}`;
  return [
    name,
    `${speed.tokensPerSecond.likely.toFixed(0)} tokens/s (${speed.tokensPerSecond.low.toFixed(0)} to ${speed.tokensPerSecond.high.toFixed(0)})`,
    `first token ${speed.firstTokenSeconds.likely.toFixed(2)} s`,
    ...(usdPerMillion === undefined || !priced ? [] : [`${formatUsd(usdPerMillion.likely)} a million tokens (${formatUsd(usdPerMillion.low)} to ${formatUsd(usdPerMillion.high)})`, offer.id]),
  ].join('  ');
}

function serverlessNote({ estimate: { offer, serverless }, priced }: ServingLine): string[] {
  if (!priced || serverless === undefined) return [];
  const { rate, readOn, requestsPerHour } = serverless;
  const when = Number.isFinite(requestsPerHour) ? `below ${Math.ceil(requestsPerHour)} such requests an hour` : 'at any number of such requests that one machine can answer';
  return [`RunPod Serverless on ${offer.gpuCount}× ${offer.gpu} (${formatRate(rate)} while it works, list of ${readOn}) is cheaper ${when}.`];
}
