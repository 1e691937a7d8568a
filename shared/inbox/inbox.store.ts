/** The inbox of whoever reads it: what all of its sources find, in one order. */
import type { Member } from '../identity/identity.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { iso } from '../kernel/time.ts';
import { kindOf } from '../organisation/organisation.store.ts';
import { listEndpoints } from '../webhook/endpoint.store.ts';
import { OWN_CERTIFICATES, UNCHECKED_CERTIFICATES } from './certificate.store.ts';
import { COMPANY_SOURCES } from './company.store.ts';
import { type Found, type InboxItem, mayRead, waiting } from './inbox.ts';
import { MARKET_SOURCES } from './market.store.ts';
import { PROVIDER_SOURCES } from './provider.store.ts';
import { bounded, type Source } from './source.ts';

const WIDTH = 8;

/** Endpoints that the market has switched off, because nothing reached them. */
async function webhooksOff(call: Call, tenant: string): Promise<Found> {
  const endpoints = await listEndpoints(call, tenant);
  return bounded(
    endpoints.flatMap(({ sk: webhook, description, disabled: because, failingSince }): InboxItem[] => {
      if (because === null || because === 'owner') return [];
      const since = failingSince === null ? null : iso(failingSince);
      return [
        {
          kind: 'webhook_off',
          ...waiting(`webhook_off:${webhook}`, { since }),
          facts: { webhook, description, because },
        },
      ];
    }),
  );
}

const WEBHOOKS: Source = {
  roles: ['company.admin', 'provider.admin'],
  scope: 'webhooks:read',
  read: (call, { tenant }) => webhooksOff(call, tenant),
};

const SOURCES: Readonly<Record<ReturnType<typeof kindOf>, readonly Source[]>> = {
  company: [...COMPANY_SOURCES, WEBHOOKS, OWN_CERTIFICATES],
  provider: [...PROVIDER_SOURCES, WEBHOOKS, OWN_CERTIFICATES],
  market: [...MARKET_SOURCES, UNCHECKED_CERTIFICATES],
};

/** All that waits for a member, in no order; not whole where one of its sources found more than it gives. */
export async function readInbox(call: Call, reader: Member): Promise<Found> {
  const sources = SOURCES[kindOf(reader.tenant)].filter((source) => mayRead(source, reader));
  const found = await mapConcurrent(sources, WIDTH, (source) => source.read(call, reader));
  return { items: found.flatMap(({ items }) => items), isWhole: found.every(({ isWhole }) => isWhole) };
}
