/** Certificates that somebody has to look at: the market's, and those that were rejected or end soon. */
import { listCertificates, listUnchecked } from '../certificate/certificate.store.ts';
import { stateOf } from '../certificate/certificate.ts';
import type { Call } from '../kernel/call.ts';
import { DAY, fromIso, iso } from '../kernel/time.ts';
import { type Found, type InboxItem, waiting } from './inbox.ts';
import { among, bounded, type Source } from './source.ts';

/** A certificate is named this long before its last day is over. */
export const ENDS_WITHIN_MS = 30 * DAY;

async function ownCertificates(call: Call, organisation: string): Promise<Found> {
  const items = (await listCertificates(call, organisation)).flatMap((certificate): InboxItem[] => {
    const { id, title, check, expiresOn } = certificate;
    const state = stateOf(certificate, call.now);
    if (state === 'rejected' && check !== null) {
      const facts = { certificate: id, title, note: check.note };
      return [
        { kind: 'certificate_rejected', ...waiting(`certificate_rejected:${id}`, { since: iso(check.at) }), facts },
      ];
    }
    if (state !== 'confirmed' || expiresOn === null) return [];
    const over = fromIso(expiresOn) + DAY;
    if (over - call.now > ENDS_WITHIN_MS) return [];
    const times = { deadline: iso(over) };
    return [
      { kind: 'certificate_ends', ...waiting(`certificate_ends:${id}`, times), facts: { certificate: id, title } },
    ];
  });
  return bounded(items);
}

export const OWN_CERTIFICATES: Source = {
  roles: ['company.admin', 'provider.admin'],
  scope: 'organisation:read',
  read: (call, { tenant }) => ownCertificates(call, tenant),
};

export const UNCHECKED_CERTIFICATES: Source = {
  roles: ['market.operator'],
  scope: 'market:read',
  read: (call) =>
    among(
      (page) => listUnchecked(call, page),
      ({ id, organisation, title, addedAt }) => {
        const common = waiting(`certificate_to_check:${id}`, { since: iso(addedAt) });
        return { kind: 'certificate_to_check', ...common, facts: { certificate: id, organisation, title } };
      },
    ),
};
