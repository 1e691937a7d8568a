/**
 * Values of many parts that are stored as text. An engine handles each nested value by itself: to write a list of 64 times
 * three takes the bundled one seven times as long as to write its text. Where they are asked for by what is in them, they
 * stay values.
 */
import * as z from 'zod';

/** Reads what is stored as text; what was stored before as values is taken as it is. */
export const storedText = <S extends z.ZodType>(schema: S) =>
  z.preprocess((stored: unknown): unknown => (typeof stored === 'string' ? JSON.parse(stored) : stored), schema);

/** The text of such a value. */
export const textOf = (value: unknown): string => JSON.stringify(value);
