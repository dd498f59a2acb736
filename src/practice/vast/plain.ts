// What a body holds where a text or a number belongs. JSON can carry an object that refuses to be made either, and
// then String() and Number() throw where the provider answers 400.

export const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

export const numberOf = (value: unknown): number => (typeof value === 'object' ? Number.NaN : Number(value));
