import * as fc from 'fast-check';

/** Every kind of character, control characters and halves of surrogate pairs included. */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength });
