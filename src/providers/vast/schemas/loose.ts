/**
 * Vast's columns come from many places: numbers arrive as strings, columns as null or not at all.
 * What a row cannot do without is strict; the rest is present or absent and never spoils the row.
 */
import * as z from 'zod/mini';

const numeric = z.pipe(z.string().check(z.regex(/^\s*-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*$/i)), z.transform(Number));

export const number = z.union([z.number(), numeric]);
const between = (least: number, most: number) => number.check(z.refine((value) => value >= least && value <= most));
/** A price. */
export const dollars = between(0, 1e6);
/** What was paid, or is left; debts and refunds are below zero. */
export const amount = between(-1e9, 1e9);
/** Seconds since 1970. */
export const seconds = between(0, 1e11);
export const id = z.union([z.int().check(z.positive()), z.pipe(z.string().check(z.regex(/^[1-9]\d{0,14}$/)), z.transform(Number))]);
export const text = z.string();
export const flag = z.boolean();

/** Absent whenever it is not what it should be. */
export const maybe = <S extends z.ZodMiniType>(schema: S) =>
  z.pipe(z.catch(z.nullish(schema), null), z.transform((value: z.output<S> | null | undefined) => value ?? undefined));
