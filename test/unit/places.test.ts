import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { practicePlace, realPlace } from '../../src/places.ts';
import { createSettings } from '../../src/ui/settings.ts';

const settings = createSettings(() => undefined);
const kept = { get: () => Promise.resolve('kept-key'), set: () => Promise.resolve(), delete: () => Promise.resolve() };

describe('the keys of a place', () => {
  it('that are kept go to the endpoint of the settings alone', async () => {
    const { keys, origins } = realPlace({}, settings, kept);
    assert.deepEqual([await keys.get('vast'), origins.vast], ['kept-key', 'https://console.vast.ai']);
    const elsewhere = realPlace({ GPU_RENTAL_VAST_URL: 'https://elsewhere.example' }, settings, kept);
    assert.deepEqual([await elsewhere.keys.get('vast'), elsewhere.origins.vast, await elsewhere.keys.get('runpod')], [undefined, 'https://elsewhere.example', 'kept-key']);
  });

  it('that the environment gives go to the endpoint that it gives', async () => {
    const { keys, origins } = realPlace({ GPU_RENTAL_VAST_URL: 'https://elsewhere.example/', GPU_RENTAL_VAST_KEY: ' given-key ' }, settings, kept);
    assert.deepEqual([await keys.get('vast'), origins.vast], ['given-key', 'https://elsewhere.example']);
  });

  it('of the practice market are its own', async () => {
    const storage = mkdtempSync(join(tmpdir(), 'gpu-rental-place-'));
    try {
      const place = await practicePlace(storage);
      assert.match(place.origins.vast, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.notEqual(await place.keys.get('vast'), 'kept-key');
      if (process.platform !== 'win32') assert.equal(statSync(place.stateFolder).mode & 0o777, 0o700);
      place.dispose();
    } finally {
      rmSync(storage, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  });
});
