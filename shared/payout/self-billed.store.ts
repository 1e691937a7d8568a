/**
 * Self-billed documents `SB#<provider>#<currency>#<kind>` / `<month>`, listed under `self-billed#<provider>`; their series
 * `SB#<provider>` / `<kind>` has the last number given. A document and its number are written together, so that no number
 * is missing and none is given twice.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import { ABSENT, type Item, type Key, keyText, type ListPage } from '../kernel/table.ts';
import { fromIso, iso } from '../kernel/time.ts';
import { entriesAt } from '../ledger/entries.store.ts';
import { post } from '../ledger/ledger.store.ts';
import { monthAfter, monthBefore } from '../ledger/period.ts';
import { providerTaxLegs } from '../ledger/postings/payout.ts';
import { readPayoutProfile } from './account.store.ts';
import type { PayoutProfile } from './account.ts';
import { BY_PROVIDER, entryKeys } from './book.store.ts';
import { tellProvider } from './notice.store.ts';
import { noticeOfDocument } from './notice.ts';
import {
  addToDocuments,
  type Billed,
  type DocumentKind,
  draw,
  notesFor,
  nothingBilled,
  numberOf,
  SelfBilledInvoice,
} from './self-billed.ts';

const KINDS = ['invoice', 'credit_note'] as const satisfies readonly DocumentKind[];
const MOST_TRIES = 5;

const documentKey = (provider: string, currency: Currency, period: string, kind: DocumentKind): Key => ({
  pk: `SB#${provider}#${currency}#${kind}`,
  sk: period,
});
const seriesKey = (provider: string, kind: DocumentKind): Key => ({ pk: `SB#${provider}`, sk: kind });
const issuedKey = (provider: string): Key => ({ pk: `SB#${provider}`, sk: '-' });
const documentList = (provider: string): string => `self-billed#${provider}`;

/** A month that came to a document, or only to what carries over. */
const StoredDocument = z.object({ document: SelfBilledInvoice.nullable(), carryMicros: z.int() });
type StoredDocument = z.infer<typeof StoredDocument>;

const Issued = z.object({ issuedThrough: z.string() });

/** The newest month whose documents are issued, of some providers; those without any are absent. */
export async function issuedThrough(call: Call, providers: readonly string[]): Promise<Map<string, string>> {
  const found = await call.tables.getMany('ledger', providers.map(issuedKey), Issued, { consistent: true });
  return new Map(
    providers.flatMap((provider) => {
      const issued = found.get(keyText(issuedKey(provider)));
      return issued === undefined ? [] : [[provider, issued.issuedThrough] as const];
    }),
  );
}

/**
 * Issues a provider's documents for every closed month that has none yet, in order, once it has said who it is for tax.
 * Each posts its tax. Repeating it issues nothing twice. Answers the newest month that is issued.
 */
export async function issueDocuments(
  call: Call,
  provider: string,
  since: string,
  closed: string,
): Promise<string | null> {
  let last = (await issuedThrough(call, [provider])).get(provider) ?? null;
  let period = last === null ? since : monthAfter(last);
  if (period > closed) return last;
  const profile = await readPayoutProfile(call, provider);
  if (profile === undefined) return last;
  for (; period <= closed; period = monthAfter(period)) {
    const billed = await billedIn(call, provider, period);
    for (const [currency, sums] of billed)
      for (const kind of KINDS) await issue(call, { profile, currency, period, kind, sums });
    await call.tables.put('ledger', { ...issuedKey(provider), issuedThrough: period }, [
      ['absent or <', 'issuedThrough', period],
    ]);
    last = period;
  }
  return last;
}

async function billedIn(call: Call, provider: string, period: string): Promise<Map<Currency, Billed>> {
  const billed = new Map<Currency, Billed>();
  for await (const keys of entryKeys(call, provider, period)) {
    const entries = await entriesAt(call, keys);
    for (const entry of entries.values()) {
      const sums = billed.get(entry.currency) ?? nothingBilled();
      billed.set(entry.currency, sums);
      addToDocuments(sums, entry, provider);
    }
  }
  return billed;
}

type Issue = { profile: PayoutProfile; currency: Currency; period: string; kind: DocumentKind; sums: Billed };

async function issue(call: Call, { profile, currency, period, kind, sums }: Issue): Promise<void> {
  const { provider } = profile;
  const key = documentKey(provider, currency, period, kind);
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const stored = await call.tables.get('ledger', key, StoredDocument, { consistent: true });
    if (stored !== undefined) return issued(call, stored);
    const carried = await carriedInto(call, provider, currency, period, kind);
    const drawn = draw([...sums[kind].values()], carried, profile);
    if (drawn.lines === null) {
      if (drawn.carryMicros !== 0 || sums[kind].size > 0)
        await call.tables.put('ledger', { ...key, document: null, carryMicros: drawn.carryMicros }, ABSENT);
      return;
    }
    const series = await call.tables.get('ledger', seriesKey(provider, kind), z.object({ last: z.int() }), {
      consistent: true,
    });
    const place = (series?.last ?? 0) + 1;
    const { legalName, address, taxId, vatRegime, vatRateBps } = profile;
    const { lines, netMicros, taxMicros, carryMicros } = drawn;
    const document: SelfBilledInvoice = {
      id: `${provider}.${currency}.${period}.${kind}`,
      kind,
      number: numberOf(kind, provider, place),
      provider,
      currency,
      period,
      issuedAt: iso(call.now),
      supplier: { legalName, address, taxId },
      vatRegime,
      vatRateBps,
      netMicros,
      taxMicros,
      totalMicros: netMicros + taxMicros,
      notes: notesFor(vatRegime, kind),
      lines,
    };
    const listed = { ppk: documentList(provider), psk: `${period}#${kind}#${currency}` };
    const written = await call.tables.transact([
      {
        kind: 'update',
        table: 'ledger',
        key: seriesKey(provider, kind),
        change: { set: { last: place } },
        when: series === undefined ? ABSENT : [['=', 'last', series.last]],
      },
      { kind: 'put', table: 'ledger', item: { ...key, document, carryMicros, ...listed }, when: ABSENT },
    ]);
    if (written.ok) return issued(call, { document, carryMicros });
  }
  throw new Error(`the series of ${provider} kept changing`);
}

/** What the newest earlier document of the kind left over. */
async function carriedInto(
  call: Call,
  provider: string,
  currency: Currency,
  period: string,
  kind: DocumentKind,
): Promise<number> {
  const { pk } = documentKey(provider, currency, period, kind);
  const page = await call.tables.query('ledger', StoredDocument, {
    pk,
    to: monthBefore(period),
    descending: true,
    limit: 1,
    consistent: true,
  });
  return page.items[0]?.carryMicros ?? 0;
}

/** What follows from a document that stands. */
async function issued(call: Call, stored: StoredDocument): Promise<void> {
  await postTax(call, stored);
  if (stored.document !== null) await tellProvider(call, noticeOfDocument(stored.document));
}

async function postTax(call: Call, { document }: StoredDocument): Promise<void> {
  if (document === null || document.taxMicros === 0) return;
  const { id, kind, number, provider, currency, issuedAt, taxMicros } = document;
  const posted = await post(call, {
    event: `provider-tax#${id}`,
    kind: 'provider_tax',
    occurredAt: fromIso(issuedAt),
    currency,
    company: null,
    provider,
    legs: providerTaxLegs(provider, kind === 'invoice' ? taxMicros : -taxMicros),
    facts: { document: id, number },
  });
  if (posted === 'refused') throw new Error(`the tax of ${id} was posted with another amount`);
}

/** A page of a provider's documents, the newest month first. */
export async function listDocuments(
  call: Call,
  provider: string,
  page: ListPage,
): Promise<{ items: SelfBilledInvoice[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', z.object({ pk: z.string(), sk: z.string() }), {
    index: BY_PROVIDER,
    pk: documentList(provider),
    descending: true,
    ...page,
  });
  const items = await call.tables.getMany('ledger', found.items, StoredDocument, { consistent: true });
  return {
    items: found.items.flatMap((key) => items.get(keyText(key))?.document ?? []),
    after: found.after as Item | undefined,
  };
}

/** A provider's documents of the months of a year, in order. */
export async function documentsOfYear(call: Call, provider: string, year: string): Promise<SelfBilledInvoice[]> {
  const found = await call.tables.queryAll('ledger', z.object({ pk: z.string(), sk: z.string() }), {
    index: BY_PROVIDER,
    pk: documentList(provider),
    from: `${year}-01`,
    to: `${year}-12#\uffff`,
  });
  const items = await call.tables.getMany('ledger', found, StoredDocument, { consistent: true });
  return found.flatMap((key) => items.get(keyText(key))?.document ?? []);
}
