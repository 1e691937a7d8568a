/** Notices to providers `PN#<about>` / `<what>`: told to their systems at once, and listed as due until the mail is sent. */
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import type { Call } from '../kernel/call.ts';
import { ABSENT, type Key, keyText } from '../kernel/table.ts';
import { announce } from '../webhook/webhook.store.ts';
import { readPayoutProfiles } from './account.store.ts';
import { Notice, noticeEvent } from './notice.ts';

export const NOTICE_DUE = 'provider-notice';

/** Tells a provider, once by mail and as one event however often it is told again. */
export async function tellProvider(call: Call, notice: Notice): Promise<void> {
  await announce(call, noticeEvent(notice));
  const key = { pk: `PN#${notice.about}`, sk: notice.what };
  await call.tables.put('ledger', { ...key, ...notice, ...financeDueAt(call.now, NOTICE_DUE, notice.about) }, ABSENT);
}

/** Mails that are due, each with where it goes: null where the provider has named no address. */
export async function dueNotices(
  call: Call,
): Promise<{ letters: { key: Key; notice: Notice; to: string | null }[]; nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, NOTICE_DUE);
  const notices = await call.tables.getMany('ledger', due, Notice, { consistent: true });
  const profiles = await readPayoutProfiles(
    call,
    [...notices.values()].map(({ provider }) => provider),
  );
  const letters = due.flatMap((key) => {
    const notice = notices.get(keyText(key));
    return notice === undefined ? [] : [{ key, notice, to: profiles.get(notice.provider)?.contactEmail ?? null }];
  });
  return { letters, nextAt };
}

/** It was sent, or nobody is to get it. */
export const noticeDone = (call: Call, key: Key): Promise<unknown> =>
  call.tables.update('ledger', key, { remove: ['cpk', 'csk'] }, [['present', 'pk']]);
