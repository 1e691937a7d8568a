/** The checklist of a company or provider, from what stands; nothing is kept of it. */
import { newestQueuesOf } from '../award/own-list.store.ts';
import { readProfile } from '../billing-profile/billing-profile.store.ts';
import { viewBudgets } from '../budget/budget.store.ts';
import { listCertificates } from '../certificate/certificate.store.ts';
import { confirmedOf } from '../certificate/certificate.ts';
import { listConnectors } from '../connector/connector.store.ts';
import { viewAvailability } from '../dispatch/availability.store.ts';
import { listApiKeys } from '../identity/identity.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { readOrganisation } from '../organisation/organisation.store.ts';
import { readAccount, readPayoutProfile } from '../payout/account.store.ts';
import { readPlaybook } from '../playbook/playbook.store.ts';
import { type Checklist, companyChecklist, providerChecklist } from './checklist.ts';

const MOST_QUEUES = 100;
const WIDTH = 8;

/** What `tenant` lacks; undefined for the market and for what is no organisation. */
export async function readChecklist(call: Call, tenant: string): Promise<Checklist | undefined> {
  const organisation = await readOrganisation(call.tables, tenant);
  if (organisation === undefined || organisation.kind === 'market') return undefined;
  const isApproved = organisation.status === 'approved';
  return organisation.kind === 'company' ? ofCompany(call, tenant, isApproved) : ofProvider(call, tenant, isApproved);
}

async function ofCompany(call: Call, company: string, isApproved: boolean): Promise<Checklist> {
  const [keys, connectors, budgets, profile, { queues: committedIn }] = await Promise.all([
    listApiKeys(call.tables, company),
    listConnectors(call, company),
    viewBudgets(call, company),
    readProfile(call, company),
    newestQueuesOf(call, company, 'C#', MOST_QUEUES),
  ]);
  const live = keys.filter(({ revokedAt }) => revokedAt === null);
  const playbooks = await mapConcurrent(committedIn, WIDTH, (queue) => readPlaybook(call, company, queue));
  return companyChecklist({
    isApproved,
    hasSandbox: keys.some(({ sandboxQueue }) => sandboxQueue !== null),
    committedIn,
    hasWayIn: connectors.length > 0 || live.some(({ sandboxQueue }) => sandboxQueue === null),
    unwritten: committedIn.filter((_, place) => playbooks[place] === undefined),
    hasBudget: budgets.some(({ capMicros }) => capMicros !== null),
    hasProfile: profile !== undefined,
    hasPaymentMethod: profile?.collectionMethod === 'send_invoice' ? null : profile?.paymentMethod != null,
  });
}

async function ofProvider(call: Call, provider: string, isApproved: boolean): Promise<Checklist> {
  const [keys, { queues: bidIn }, availability, profile, account, certificates] = await Promise.all([
    listApiKeys(call.tables, provider),
    newestQueuesOf(call, provider, 'B#', MOST_QUEUES),
    viewAvailability(call, provider),
    readPayoutProfile(call, provider),
    readAccount(call, provider),
    listCertificates(call, provider),
  ]);
  return providerChecklist({
    isApproved,
    hasSandbox: keys.some(({ sandboxQueue }) => sandboxQueue !== null),
    hasBid: bidIn.length > 0,
    hasHours: availability.rules.length > 0,
    hasPayoutProfile: profile !== undefined,
    hasCertificate: certificates.some((one) => confirmedOf(one, call.now) !== undefined),
    isAccountActive: account?.account != null && account.status === 'active',
  });
}
