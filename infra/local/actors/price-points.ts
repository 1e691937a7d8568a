/**
 * What a contact or a resolution costs, from published prices: anchors for plausible rate cards and ceilings, no more.
 * Where the table of price points lies beside the project, its rows are read; else the same figures stand here, each with
 * the page it was read on.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';

/** A range in units of the currency, with the pages it was read on. */
export type PriceRange = { low: number; high: number; sources: readonly string[] };
export type PriceRanges = {
  /** A program that resolves by itself, per resolution. */
  automation: PriceRange;
  /** A person at an outsourced pool, per contact of eight minutes. */
  agentPool: PriceRange;
  /** Expert customers, between self-service and the cheapest person, per contact. */
  community: PriceRange;
  /** A person of one's own, assisted channel, per contact. */
  ownWritten: PriceRange;
  /** A person of one's own on the telephone, complex, per contact. */
  ownSpoken: PriceRange;
};

/** A contact with a person takes this long where a source prices minutes. */
const CONTACT_MINUTES = 8;

const FIN = 'https://fin.ai/learn/per-resolution-vs-per-conversation-ai-pricing';
const LYNBROOK = 'https://lynbrooklabs.com/blog/ai-customer-support-cost-per-ticket';
const INFOCOMM = 'https://www.infocomm.ky/info/how-do-call-centers-charge-clients/';

export const BUILT_IN_RANGES: PriceRanges = {
  automation: { low: 0.99, high: 2, sources: [FIN] },
  agentPool: { low: 0.75 * CONTACT_MINUTES, high: 1.5 * CONTACT_MINUTES, sources: [INFOCOMM] },
  community: { low: 1.84, high: 6, sources: [LYNBROOK] },
  ownWritten: { low: 13.5, high: 13.5, sources: [LYNBROOK] },
  ownSpoken: { low: 15, high: 25, sources: [LYNBROOK] },
};

const Row = z.object({
  unit: z.string(),
  price_low: z.coerce.number().positive(),
  price_high: z.coerce.number().positive(),
  currency: z.literal('USD'),
  subject: z.string(),
  source_url: z.string(),
});
type Row = z.infer<typeof Row>;

/** The ranges of a table of price points; a range whose rows are missing keeps its built-in figures. */
export function rangesFromRows(rows: readonly Row[]): PriceRanges {
  const range = (fits: (row: Row) => boolean, fallback: PriceRange, times = 1): PriceRange => {
    const found = rows.filter(fits);
    if (found.length === 0) return fallback;
    return {
      low: Math.min(...found.map((row) => row.price_low)) * times,
      high: Math.max(...found.map((row) => row.price_high)) * times,
      sources: [...new Set(found.map((row) => row.source_url))],
    };
  };
  const contact = (words: string) => (row: Row) => row.unit === 'per_contact' && row.subject.includes(words);
  const built = BUILT_IN_RANGES;
  const self = range(contact('self-service'), { ...built.community, high: built.community.low });
  const offshore = range(contact('offshore'), { ...built.community, low: built.community.high });
  return {
    automation: range((row) => row.unit === 'per_resolution', built.automation),
    agentPool: range((row) => row.unit === 'per_minute', built.agentPool, CONTACT_MINUTES),
    community: { low: self.low, high: offshore.high, sources: [...new Set([...self.sources, ...offshore.sources])] },
    ownWritten: range(contact('assisted channel'), built.ownWritten),
    ownSpoken: range(contact('phone call'), built.ownSpoken),
  };
}

/** Reads the table where it is there; built-in figures where it is missing or not in the known shape. */
export function priceRanges(path: string): PriceRanges {
  if (!existsSync(path)) return BUILT_IN_RANGES;
  const records: unknown = parse(readFileSync(path, 'utf8'), { columns: true, bom: true });
  const rows = z.array(Row).safeParse(records);
  return rows.success ? rangesFromRows(rows.data) : BUILT_IN_RANGES;
}
