/** Addresses of the market's own pages. Pure. */

/** An entry of the ledger with all its legs. */
export const hrefOfLedger = (event: string): string => `/ledger/entry?event=${encodeURIComponent(event)}`;
