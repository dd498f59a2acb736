/** Answers of Lambda's, and an Http that hands them out and remembers what was asked. */
import { isRentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import type { Answer } from '../../../../src/domain/http.ts';

export { fakeHttp, collect, never, withCode, anyText, type Asked, type FakeHttp } from '../runpod/support.ts';

export const readAt = Date.parse('2026-11-20T12:00:00Z');

export const answer = (status: number, body: unknown): Answer => ({ status, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body), at: readAt });
export const data = (value: unknown): Answer => answer(200, { data: value });
export const refused = (status: number, code: string): Answer => answer(status, { error: { code, message: 'In words that may change.' } });

export const texas = { name: 'us-south-1', description: 'Texas, USA' };

export function instanceType(change: object = {}, specs: object = {}) {
  return {
    name: 'gpu_1x_a10', description: '1x A10 (24 GB PCIe)', gpu_description: 'A10 (24 GB PCIe)', price_cents_per_hour: 75,
    specs: { vcpus: 30, memory_gib: 200, storage_gib: 1400, gpus: 1, ...specs }, ...change,
  };
}

export const item = (type = instanceType(), ...regions: readonly unknown[]) => ({ instance_type: type, regions_with_capacity_available: regions.length === 0 ? [texas] : regions });

export function instance(change: object = {}) {
  return {
    id: '0920582c7ff041399e34823a0be62549', name: 'My Instance', ip: '198.51.100.2', private_ip: '10.0.2.100', status: 'active', ssh_key_names: ['mine'],
    file_system_names: [], region: texas, instance_type: instanceType(), hostname: 'node', jupyter_token: 'canary-of-a-notebook',
    actions: { terminate: { available: true } }, tags: [{ key: 'gpu-rental', value: 'gpu-rental-abcdef-01' }], ...change,
  };
}

/** The code of what `read` throws. */
export function codeThrown(read: () => unknown): ErrorCode | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (isRentError(error)) return error.code;
    throw error;
  }
}
