/** E-mail addresses among handles; apart from phone numbers, whose tables are large. */
import * as z from 'zod';

const Email = z.email().max(254);

/** The handle as an e-mail address that mail can be sent to; undefined where it is none. */
export function emailOf(handle: string): string | undefined {
  const address = handle.trim().normalize('NFC').toLowerCase();
  return Email.safeParse(address).success ? address : undefined;
}
