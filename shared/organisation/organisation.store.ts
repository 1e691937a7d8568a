/** Organisations in the market table: registration, approval, lists by kind. */
import * as z from 'zod';
import type { CallLimit } from '../call-limit/call-limit.ts';
import { changingCallers } from '../identity/callers.ts';
import { joined, memberWrites, organisationPartition } from '../identity/identity.store.ts';
import type { Role } from '../identity/identity.ts';
import { type Call, readOnce } from '../kernel/call.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT, type Item, type Key, keyText, type Tables } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { nextStatus, Organisation, type OrganisationEvent, type RegistrationInput } from './organisation.ts';

/** The market itself, the tenant of its operators. There is one. */
export const MARKET_ORGANISATION = 'mk_market';
/** The quality assumed of a provider that is approved without one, in basis points. */
export const ASSUMED_QUALITY_BPS = 8_000;
/** What a company may owe that is approved without a limit of its own, in micro-units. */
export const USUAL_CREDIT_LIMIT_MICROS = 1_000_000_000_000;

export type OrganisationKind = Organisation['kind'];
/** The kind an organisation's id tells: `co_`, `pr_` or `mk_`. */
export function kindOf(organisation: string): OrganisationKind {
  if (organisation.startsWith('co_')) return 'company';
  return organisation.startsWith('pr_') ? 'provider' : 'market';
}

const OWNER = { name: 'owner', pk: 'opk', sk: 'osk' };
/** In the index of what is due, where nothing of them is due: people have to decide. */
const PENDING = 'approval';
const listPartition = (kind: OrganisationKind): string => `ORGANISATIONS#${kind}`;
export const organisationKey = (tenant: string): Key => ({ pk: organisationPartition(tenant), sk: '-' });

/** As stored: times in milliseconds, and who registered it by which call. */
const OrganisationItem = z.object({
  ...Organisation.shape,
  createdAt: z.number(),
  registeredBy: z.string(),
  registeredWith: z.string(),
  /** Providers: what the market assumed at approval, which the measured quality starts from. */
  priorBps: z.int().nullable().optional(),
});
type OrganisationItem = z.infer<typeof OrganisationItem>;
const IndexItem = z.object({ pk: z.string(), sk: z.string(), osk: z.string() });

/** An organisation, read consistently; undefined where there is none. */
export async function readOrganisation(tables: Tables, tenant: string): Promise<Organisation | undefined> {
  const item = await tables.get('market', organisationKey(tenant), OrganisationItem, { consistent: true });
  return item === undefined ? undefined : organisationOf(item);
}

/** Many organisations by id (names for lists); those that do not exist are absent. */
export async function readOrganisations(
  tables: Tables,
  tenants: readonly string[],
): Promise<Map<string, Organisation>> {
  const found = await tables.getMany('market', tenants.map(organisationKey), OrganisationItem);
  return new Map([...found.values()].map((item) => [item.id, organisationOf(item)]));
}

/**
 * Registers a company or provider, pending, with who registers it as its admin. The id follows from the person and the
 * `Idempotency-Key`: a call that is repeated after a crash finds the organisation of the first and never makes two.
 */
export async function registerOrganisation(
  tables: Tables,
  person: { user: string; email: string | null },
  input: RegistrationInput,
  idempotencyKey: string,
  now: number,
): Promise<Organisation> {
  // Other people's ids can only be met by chance (52 bits): then the next candidate is taken.
  for (let candidate = 0; candidate < 5; candidate++) {
    const item = await newItem(person, input, idempotencyKey, candidate, now);
    const roles: Role[] = [input.kind === 'company' ? 'company.admin' : 'provider.admin'];
    const membership = memberWrites(joined(undefined, item.id, { ...person, roles }, now), true);
    const written = await changingCallers(tables, [item.id, person.user], () =>
      tables.transact([{ kind: 'put', table: 'market', item, when: ABSENT }, ...membership]),
    );
    if (written.ok) return organisationOf(item);
    if (written.at !== 0 || written.old === null)
      throw new Error(`a membership of ${item.id} without its organisation`);
    const old = OrganisationItem.parse(written.old);
    if (old.registeredWith === item.registeredWith && old.registeredBy === person.user) return organisationOf(old);
  }
  throw new Error('no free organisation id was found');
}

async function newItem(
  person: { user: string },
  input: RegistrationInput,
  idempotencyKey: string,
  candidate: number,
  now: number,
): Promise<OrganisationItem & Key> {
  const call = await sha256Hex(JSON.stringify(['register', person.user, idempotencyKey]));
  const digits = (await sha256Hex(`${call} ${candidate}`)).slice(0, 13);
  const id = `${input.kind === 'company' ? 'co' : 'pr'}_${Number.parseInt(digits, 16).toString(36).padStart(11, '0')}`;
  return {
    ...listed({
      id,
      kind: input.kind,
      name: input.name,
      providerKind: input.kind === 'provider' ? input.providerKind : null,
      status: 'pending',
      creditLimitMicros: 0,
      qualityBps: null,
      calls: null,
      createdAt: now,
      registeredBy: person.user,
      registeredWith: call,
    }),
  };
}

/** Makes the market's own organisation where it does not exist yet. */
export async function ensureMarketOrganisation(tables: Tables, now: number): Promise<void> {
  const item = listed({
    id: MARKET_ORGANISATION,
    kind: 'market',
    name: 'Market',
    providerKind: null,
    status: 'approved',
    creditLimitMicros: 0,
    qualityBps: null,
    calls: null,
    createdAt: now,
    registeredBy: 'market',
    registeredWith: 'market',
  });
  await tables.put('market', item, ABSENT);
}

function listed(item: OrganisationItem): OrganisationItem & Key & { opk: string; osk: string } {
  const order = `${timeKey(item.createdAt)}#${item.id}`;
  return {
    ...organisationKey(item.id),
    ...item,
    opk: listPartition(item.kind),
    osk: order,
    ...(item.status === 'pending' ? { dpk: PENDING, dsk: order } : {}),
  };
}

/** A page of the companies and providers that nobody has approved or suspended yet, oldest first. */
export async function listPending(
  tables: Tables,
  page: { limit: number; after?: Item },
): Promise<{ items: Organisation[]; after: Item | undefined }> {
  const index = { name: 'due', pk: 'dpk', sk: 'dsk' };
  const found = await tables.query('market', z.object({ pk: z.string(), sk: z.string() }), {
    index,
    pk: PENDING,
    ...page,
  });
  const items = await tables.getMany('market', found.items, OrganisationItem, { consistent: true });
  const inOrder = found.items.flatMap((key) => items.get(keyText(key)) ?? []);
  return {
    // The index may be a moment late.
    items: inOrder.filter((item) => item.status === 'pending').map(organisationOf),
    after: found.after as Item | undefined,
  };
}

/** A page of the organisations of a kind, oldest first. `after` is the text that the page before gave. */
export async function listOrganisations(
  tables: Tables,
  kind: 'company' | 'provider',
  page: { limit: number; after?: string },
): Promise<{ items: Organisation[]; after: string | undefined }> {
  const opk = listPartition(kind);
  const id = page.after?.slice(page.after.indexOf('#') + 1);
  const found = await tables.query('market', IndexItem, {
    index: OWNER,
    pk: opk,
    limit: page.limit,
    ...(page.after === undefined || id === undefined
      ? {}
      : { after: { ...organisationKey(id), opk, osk: page.after } }),
  });
  const keys = found.items.map(({ pk, sk }) => ({ pk, sk }));
  const items = await tables.getMany('market', keys, OrganisationItem);
  return {
    items: keys.flatMap((key) => {
      const item = items.get(keyText(key));
      return item === undefined ? [] : [organisationOf(item)];
    }),
    after: found.after === undefined ? undefined : found.items.at(-1)?.osk,
  };
}

const PROVIDERS_PAGE = 100;

/** A page of the providers, read once for all parts of a run. */
export const providersOfRun = (call: Call, after?: string): ReturnType<typeof listOrganisations> =>
  readOnce(call, `providers after ${after ?? ''}`, () =>
    listOrganisations(call.tables, 'provider', { limit: PROVIDERS_PAGE, ...(after === undefined ? {} : { after }) }),
  );

/** What the operator sets with an approval; what is left out stays as it was. */
export type Approval = {
  creditLimitMicros?: number | undefined;
  qualityBps?: number | undefined;
  calls?: CallLimit | null | undefined;
};

/**
 * Approves or suspends a company or provider by the transition table; undefined where there is none. Repeating it gives
 * the same answer; a new approval may change limits and quality.
 */
export async function changeStatus(
  tables: Tables,
  organisation: string,
  event: OrganisationEvent,
  approval: Approval = {},
): Promise<Organisation | undefined> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const old = await tables.get('market', organisationKey(organisation), OrganisationItem, { consistent: true });
    if (old === undefined || old.kind === 'market') return undefined;
    const status = nextStatus(old.status, event);
    if (status === null) return organisationOf(old);
    const changed = { ...old, ...(event === 'approve' ? approved(old, approval) : {}), status };
    const { creditLimitMicros, qualityBps, calls } = changed;
    // A quality that the operator states is what measuring starts from again.
    const prior = event === 'approve' && approval.qualityBps !== undefined ? { priorBps: approval.qualityBps } : {};
    const set = { status, creditLimitMicros, qualityBps, calls, ...prior };
    const written = await changingCallers(tables, [organisation], () =>
      tables.update('market', organisationKey(organisation), { set, remove: ['dpk', 'dsk'] }, [
        ['=', 'status', old.status],
      ]),
    );
    if (written.ok) return organisationOf(changed);
  }
  throw new Error(`the status of ${organisation} kept changing`);
}

function approved(
  old: OrganisationItem,
  approval: Approval,
): Pick<OrganisationItem, 'creditLimitMicros' | 'qualityBps' | 'calls'> {
  return {
    calls: approval.calls === undefined ? old.calls : approval.calls,
    creditLimitMicros: approval.creditLimitMicros ?? approvedLimit(old),
    qualityBps: old.kind === 'provider' ? (approval.qualityBps ?? old.qualityBps ?? ASSUMED_QUALITY_BPS) : null,
  };
}

/** A company that is approved without a word about its limit gets the usual one; what was approved before stays. */
function approvedLimit({ kind, status, creditLimitMicros }: OrganisationItem): number {
  return kind === 'company' && status === 'pending' ? USUAL_CREDIT_LIMIT_MICROS : creditLimitMicros;
}

/** What the market assumes of an organisation's quality before it measures any, in basis points; undefined where there is no such organisation. */
export async function readPrior(tables: Tables, organisation: string): Promise<number | undefined> {
  const item = await tables.get('market', organisationKey(organisation), OrganisationItem, { consistent: true });
  return item === undefined ? undefined : (item.priorBps ?? item.qualityBps ?? ASSUMED_QUALITY_BPS);
}

/** Keeps a provider's measured quality, in basis points, with the prior it started from. Its next bid is weighed with it. */
export async function setMeasuredQuality(
  tables: Tables,
  provider: string,
  priorBps: number,
  qualityBps: number,
): Promise<void> {
  await tables.update('market', organisationKey(provider), { set: { qualityBps, priorBps } }, [
    ['present', 'pk'],
    ['absent or =', 'priorBps', priorBps],
  ]);
}

function organisationOf(item: OrganisationItem): Organisation {
  const {
    registeredBy: _by,
    registeredWith: _with,
    priorBps: _prior,
    createdAt,
    ...organisation
  } = OrganisationItem.parse(item);
  return { ...organisation, createdAt: iso(createdAt) };
}
