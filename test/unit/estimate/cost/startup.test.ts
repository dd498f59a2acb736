import assert from 'node:assert/strict';
import { startup } from '../../../../src/estimate/cost/startup.ts';
import type { Transfer } from '../../../../src/estimate/cost/transfer.ts';

const transfer: Transfer = { imageGb: 7, modelGb: 16, datasetGb: 4, resultGb: 0, assumptions: [] };
const hoursOf = (gb: number, mbps: number): number => (gb * 8000) / (0.7 * mbps) / 3600;

describe('the start of a job', () => {
  it('downloads model and data over the offer\'s own line', () => {
    const { downloadHours } = startup(transfer, false, { downMbps: 400 });
    assert.ok(Math.abs(downloadHours.likely - hoursOf(20, 400)) < 1e-9);
  });

  it('uploads results over the other direction, and over the same one where that is unsaid', () => {
    const results = { ...transfer, modelGb: 0, datasetGb: 0, resultGb: 16 };
    assert.ok(Math.abs(startup(results, false, { downMbps: 1000, upMbps: 100 }).downloadHours.likely - hoursOf(16, 100)) < 1e-9);
    assert.ok(Math.abs(startup(results, false, { downMbps: 1000 }).downloadHours.likely - hoursOf(16, 1000)) < 1e-9);
  });

  it('pulls the image unless the host has it', () => {
    const fast = startup({ ...transfer, imageGb: 0 }, false, { downMbps: 100 }).setupHours;
    const pulled = startup(transfer, false, { downMbps: 100 }).setupHours;
    assert.ok(Math.abs(pulled.likely - fast.likely - hoursOf(7, 100)) < 1e-9);
    assert.equal(pulled.low, fast.low);
  });

  it('compiles for the 22 to 168 s that were measured', () => {
    const plain = startup(transfer, false, { downMbps: 100 }).setupHours;
    const compiled = startup(transfer, true, { downMbps: 100 }).setupHours;
    assert.ok(Math.abs((compiled.low - plain.low) * 3600 - 22) < 1e-6);
    assert.ok(Math.abs((compiled.high - plain.high) * 3600 - 168) < 1e-6);
  });

  it('takes the two to five minutes to the first GPU that people report, where nothing is pulled', () => {
    const { low, likely, high } = startup({ ...transfer, imageGb: 0 }, false, { downMbps: 500 }).setupHours;
    assert.ok(low * 60 <= 2 && likely * 60 >= 2 && likely * 60 <= 5 && high * 60 >= 5);
  });

  it('names a line it does not know, once', () => {
    assert.deepEqual(startup(transfer, false, {}).assumptions.map(({ code }) => code), ['networkSpeed']);
    assert.deepEqual(startup(transfer, false, { downMbps: 100 }).assumptions, []);
  });
});
