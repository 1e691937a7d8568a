/**
 * The detail of an invoice with more lines than a reader would look at, behind a link that the market signed: for whoever has
 * the invoice. The same invoice always has the same link, so that a repeated call to Stripe says the same.
 */
import * as z from 'zod';
import { type SigningKeys, sign, unsign } from '../kernel/sign.ts';
import { DAY, dayOf, fromIso } from '../kernel/time.ts';
import { type Invoice, InvoiceId } from './invoice.ts';

/** No other signed text is ever taken for one. */
const PURPOSE = 'invoice detail';
/** Longer than an invoice can be disputed and is usually audited; after that its company signs in. */
const LIFE_MS = 120 * DAY;

/** What a link says: its invoice, and its end in milliseconds of business time. */
const DetailLink = z.object({ invoice: InvoiceId, exp: z.number() });
export type DetailLink = z.infer<typeof DetailLink>;

/** Where the detail of an invoice is. */
export type DetailUrl = (invoice: Pick<Invoice, 'id' | 'plannedAt'>) => Promise<string>;

/** The link ends so long after the invoice was planned. */
const endOfLink = (plannedAt: string): number => fromIso(plannedAt) + LIFE_MS;

export const signDetailLink = (
  key: SigningKeys,
  { id, plannedAt }: Pick<Invoice, 'id' | 'plannedAt'>,
): Promise<string> => sign(key, PURPOSE, { invoice: id, exp: endOfLink(plannedAt) } satisfies DetailLink);

/** The link in a token that the market signed, whether it has ended or not; undefined for any other text. */
export async function readDetailLink(key: SigningKeys, token: string): Promise<DetailLink | undefined> {
  const link = DetailLink.safeParse(await unsign(key, PURPOSE, token));
  return link.success ? link.data : undefined;
}

/** What the invoice says at its foot. */
export const detailFooter = (url: string, { plannedAt }: Pick<Invoice, 'plannedAt'>): string =>
  `Its detail by queue, round and kind, as CSV until ${dayOf(endOfLink(plannedAt))} (UTC): ${url}`;
