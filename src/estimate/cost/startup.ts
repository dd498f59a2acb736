/** The hours that are billed before the first step and after the last one. */
import type { OfferDetails } from '../../domain/offer.ts';
import { addBands, exactly, scaleBand, type Band } from '../band.ts';
import type { Assumption } from '../result.ts';
import { transferHours, type Transfer } from './transfer.ts';

export interface Startup {
  /** Boot, image, environment and compilation. */
  readonly setupHours: Band;
  /** Model and data in, results out. */
  readonly downloadHours: Band;
  /** Of the line alone; what the transfer assumes stands there. */
  readonly assumptions: readonly Assumption[];
}

const minutes = (low: number, likely: number, high: number): Band => scaleBand({ low, likely, high }, 1 / 60);

/** From the create call to a container that runs, without the pull. */
export const bootHours: Band = minutes(1, 2, 4);
/** Installing what the image lacks: nothing where it lacks nothing. */
const environmentHours: Band = minutes(0, 2, 6);
/** `torch.compile` from cold: 22 to 168 s measured. */
const compileHours: Band = minutes(22 / 60, 1, 168 / 60);

export function startup(transfer: Transfer, compile: boolean, { downMbps, upMbps }: OfferDetails): Startup {
  const pull = transferHours(transfer.imageGb, downMbps);
  const download = transferHours(transfer.modelGb + transfer.datasetGb, downMbps);
  const upload = transferHours(transfer.resultGb, upMbps ?? downMbps);
  return {
    // Many hosts hold the usual images already.
    setupHours: addBands(bootHours, { ...pull.hours, low: 0 }, environmentHours, compile ? compileHours : exactly(0)),
    downloadHours: addBands(download.hours, upload.hours),
    assumptions: pull.assumptions,
  };
}
