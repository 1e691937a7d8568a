/** Errands for customers: begun by whoever wrote them, done again by the sweep where that died. */
import { alertLetter, isAlertMail } from '../shared/budget/alert-mail.store.ts';
import { renderAlert } from '../shared/budget/alert-mail.ts';
import { isErasure, resumeErasure } from '../shared/customer/erase.store.ts';
import { runErrands } from '../shared/customer/errand.store.ts';
import { linkUrl, signLink } from '../shared/customer/link.ts';
import { endMail, failMail, isMail, letterOf } from '../shared/customer/mail.store.ts';
import { renderMail } from '../shared/customer/mail-text.ts';
import type { Call } from '../shared/kernel/call.ts';
import type { Key } from '../shared/kernel/table.ts';
import type { Runtime } from './runtime.ts';

/** Does what is due of one shard. Answers when to look again. */
export async function sweepErrands(runtime: Runtime, call: Call, shard: number): Promise<{ nextAt: number | null }> {
  const { nextAt, failures } = await runErrands(call, shard, (key) => runErrand(runtime, call, key));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} errands failed: ${String(failures[0])}`);
  return { nextAt };
}

async function runErrand(runtime: Runtime, call: Call, key: Key): Promise<void> {
  if (isMail(key)) await sendMail(runtime, call, key);
  else if (isAlertMail(key)) await sendAlert(runtime, call, key);
  else if (isErasure(key)) await resumeErasure(call, runtime.files, key);
}

/**
 * Sends an ordered mail, at least once: a crash between sending and noting it sends it again under the same id. A mail that
 * cannot be sent is tried again later; on a host that sends none it ends at once.
 */
export async function sendMail(runtime: Runtime, call: Call, key: Key): Promise<void> {
  if (!runtime.mail.isConfigured) {
    runtime.log('warn', 'a mail was ordered, but this host sends none', { mail: key.sk });
    return endMail(call, key, 'dropped');
  }
  const letter = await letterOf(call, key);
  if (letter === undefined) return;
  const token = await signLink(runtime.signingKey, letter.link);
  const link = { url: linkUrl(runtime.siteUrl(), token), until: letter.link.exp };
  const { id, at, to, branding } = letter;
  try {
    const rendered = renderMail(letter.reason, letter.language, branding, link);
    await runtime.mail.send({ id, at, to, fromName: branding.name, replyTo: branding.replyTo, ...rendered });
  } catch (error) {
    runtime.log('warn', 'a mail was not sent; it is tried again', { mail: key.sk, error: String(error) });
    return failMail(call, key);
  }
  await endMail(call, key, 'sent');
}

/** Tells a company's billing contact of a budget alert, at least once; where there is none, or no mail, it ends. */
async function sendAlert(runtime: Runtime, call: Call, key: Key): Promise<void> {
  const letter = await alertLetter(call, key);
  if (letter === undefined) return;
  const { id, at, to, facts } = letter;
  if (to === null || !runtime.mail.isConfigured) return endMail(call, key, 'dropped');
  try {
    await runtime.mail.send({ id, at, to, fromName: 'Parley', replyTo: null, ...renderAlert(facts) });
  } catch (error) {
    runtime.log('warn', 'a mail was not sent; it is tried again', { mail: key.sk, error: String(error) });
    return failMail(call, key);
  }
  await endMail(call, key, 'sent');
}

/** Sends an ordered mail now, if it can; the sweep does it otherwise. Never throws. */
export async function hurryMail(runtime: Runtime, call: Call, key: Key | undefined): Promise<void> {
  if (key === undefined) return;
  await sendMail(runtime, call, key).catch((error: unknown) => {
    runtime.log('warn', 'a mail is left to the sweep', { mail: key.sk, error: String(error) });
  });
}
