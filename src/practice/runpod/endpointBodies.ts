// The request bodies of RunPod's serverless endpoints.
import { container } from './bodies.ts';
import { integer, list, oneOf, record, text, type Shape, type Shaped } from './shape.ts';

const seconds: Shape<number> = {
  accepts(value, path, problems): value is number {
    if (typeof value === 'number' && value >= 0.5) return true;
    problems.push(`${path}: minimum: got ${String(value)}, want 0.5`);
    return false;
  },
};

const scaling = record({ type: oneOf('QUEUE_DELAY', 'REQUEST_COUNT') }, { queueDelay: seconds, requestCount: integer(1) });
const workers = record({}, { min: integer(0), max: integer(0), idleTimeout: integer(1, 3600) });
const cudaVersion = text({ pattern: /^\d+\.\d+$/ });
const gpu = record({ pools: list(text({ min: 1 })) }, { count: integer(1), excludedTypes: list(text({ min: 1 })), allowedCudaVersions: list(cudaVersion), minCudaVersion: cudaVersion });

const optional = {
  ...container,
  workers,
  dataCenterIds: list(text()),
  networkVolumes: list(text()),
  flashboot: oneOf('OFF', 'FLASHBOOT', 'PRIORITY_FLASHBOOT'),
  timeout: integer(0),
  templateId: text({ min: 1 }),
};

/** Of GPU endpoints: this market has no CPU workers. */
export const createEndpointBody = record({ name: text({ min: 1 }), type: oneOf('QUEUE', 'LOAD_BALANCER'), scaling }, { ...optional, gpu });
export type CreateEndpointBody = Shaped<typeof createEndpointBody>;

export const updateEndpointBody = record({}, { ...optional, name: text({ min: 1 }), scaling });
export type UpdateEndpointBody = Shaped<typeof updateEndpointBody>;
