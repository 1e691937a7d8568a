/** The market's settings of billing, `SET#billing` / `-`; a version for each change stays beside it as `v<n>`. */
import type { Call } from '../kernel/call.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { BillingSettings, type BillingSettingsInput, DEFAULT_SETTINGS } from './settings.ts';

const KEY: Key = { pk: 'SET#billing', sk: '-' };
const MOST_TRIES = 4;

export async function readSettings(call: Call): Promise<BillingSettings> {
  return (await call.tables.get('ledger', KEY, BillingSettings, { consistent: true })) ?? DEFAULT_SETTINGS;
}

/** Changes the settings for every invoice that is made from now on; the same again changes nothing. */
export async function putSettings(call: Call, user: string, input: BillingSettingsInput): Promise<BillingSettings> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const before = await readSettings(call);
    if (before.tax === input.tax && before.version > 0) return before;
    const next = { ...input, version: before.version + 1, updatedAt: iso(call.now), updatedBy: user };
    const written = await call.tables.transact([
      {
        kind: 'put',
        table: 'ledger',
        item: { ...KEY, ...next },
        when: before.version === 0 ? ABSENT : [['=', 'version', before.version]],
      },
      { kind: 'put', table: 'ledger', item: { pk: KEY.pk, sk: `v${next.version}`, ...next }, when: ABSENT },
    ]);
    if (written.ok) return next;
  }
  throw new Error('the settings of billing kept changing');
}
