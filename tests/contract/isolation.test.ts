/**
 * Nobody can tell another's things from things that never were: each route is tried with every other tenant's ids, by the
 * rival on the same side, by the other side, and from and into sandboxes. The answer is that of an id which never existed,
 * and nothing of the owner's is touched. Routes and ids come from the registry: a parameter whose meaning is not told in
 * `KINDS` fails the first test.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../shared/api/route.ts';
import { canonicalJson } from '../../shared/kernel/hash.ts';
import type { TableConfig, TableId } from '../../shared/kernel/table.ts';
import { callsOf, faultsOf, fits, type Input, idsFor, mayCall, schemasOf, served } from '../support/contract.ts';
import type { Answer } from '../support/edge.ts';
import { everyItem } from '../support/every-item.ts';
import { type Ids, LaidMarket, type Tenant } from '../support/laid-market.ts';

/** What a parameter's ids name: what everybody knows, what only the market handles, or one organisation's own. */
const KINDS: Readonly<Record<string, 'public' | 'market' | 'own'>> = {
  queue: 'public',
  round: 'public',
  version: 'public',
  provider: 'public',
  organisation: 'market',
  flag: 'market',
  refund: 'market',
  /** A customer's link or an invitation: whoever has it may use it, and nobody can make one up. */
  token: 'own',
  detailLink: 'own',
  request: 'own',
  lease: 'own',
  attachment: 'own',
  webhook: 'own',
  delivery: 'own',
  keyId: 'own',
  user: 'own',
  invitation: 'own',
  certificate: 'own',
  import: 'own',
  part: 'public',
  connector: 'own',
  error: 'own',
  incident: 'own',
  kind: 'public',
  account: 'public',
  adjustment: 'market',
  dispute: 'own',
  destination: 'public',
  invoice: 'own',
  line: 'public',
  period: 'public',
  order: 'market',
  reconciliation: 'market',
  payout: 'own',
  run: 'market',
  debt: 'market',
  year: 'public',
};
/** In bodies and queries the same ids stand under these names. */
const NAMED: Readonly<Record<string, string>> = { attachments: 'attachment', requests: 'request' };
/** Well-formed ids of what never was; `owner` puts them where a tenant's would be. */
const NEVER: Readonly<Record<string, (owner: string) => string>> = {
  token: () => `bm9ib2R5.${'A'.repeat(43)}`,
  detailLink: () => `bm9ib2R5.${'A'.repeat(32)}`,
  request: (owner) => `${owner}.${'N'.repeat(22)}`,
  lease: () => `72-168.1770023100000.0.co_nobody0001.${'N'.repeat(22)}.${'N'.repeat(22)}`,
  attachment: () => 'N'.repeat(22),
  webhook: () => 'we_0123456789abcdef',
  delivery: () => `1770022800000.msg_${'N'.repeat(22)}`,
  keyId: () => '0123456789ab',
  user: () => 'nobody-at-all',
  invitation: () => '0'.repeat(64),
  certificate: (owner) => `${owner}.${'N'.repeat(22)}`,
  import: () => `im_nobody0001.${'N'.repeat(22)}`,
  connector: () => `cn_nobody0001.${'N'.repeat(22)}`,
  incident: (owner) => `in_${owner.slice(3)}.${'N'.repeat(22)}`,
  dispute: (owner) => `${owner}.${'N'.repeat(22)}.d1`,
  invoice: (owner) => `${owner}.USD.2025-01.v9`,
  payout: () => 'pr_nobody0001.USD.week-2026-01-05',
  error: () => `000000000000001.${'N'.repeat(22)}`,
};
/** Who is tried on whose things. */
const PAIRS = [
  ['company 0', 'company 1'],
  ['company 0', 'provider 3'],
  ['company 0', 'sandbox of company 0'],
  ['sandbox of company 0', 'company 0'],
  ['sandbox of company 0', 'sandbox of company 1'],
  ['provider 2', 'provider 3'],
  ['provider 2', 'company 1'],
  ['provider 2', 'sandbox of provider 2'],
  ['sandbox of provider 2', 'provider 2'],
] as const;
const OWNERS = [...new Set(PAIRS.map(([owner]) => owner))];

let laid: LaidMarket;
beforeAll(async () => {
  laid = await LaidMarket.lay();
}, 180_000);
afterAll(() => laid.stop());

const paramsOf = (route: Route): string[] => [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
const isOwn = (name: string): boolean => KINDS[NAMED[name] ?? name] === 'own';
/** The fields of a query or body that take somebody's own ids. */
function ownFields(route: Route, part: 'query' | 'body'): string[] {
  const fields = (schemasOf(route)[part]?.properties ?? {}) as Record<string, { type?: string }>;
  return Object.keys(fields).filter((name) => isOwn(name) && fields[name]?.type !== 'boolean');
}

/** A call that fits the route, with the caller's own ids. */
function fittingCall(route: Route, given: Ids): Input {
  const ids = {
    ...Object.fromEntries(Object.entries(NEVER).map(([name, id]) => [name, [id('co_nobody0001')]])),
    ...given,
  };
  const calls = callsOf(route, ids);
  // Most routes have one among the first few; drawing hundreds for each takes longer than calling it.
  const draw = (numRuns: number) => fc.sample(calls, { numRuns, seed: 11 }).find((one) => fits(route, one));
  const call = draw(12) ?? draw(400);
  if (call === undefined) throw new Error(`no call fits ${route.id}: give it an example in shared/api/examples.ts`);
  const own = idsFor(route, ids);
  // A cursor that nobody was given is refused before anything is looked for.
  const { cursor: _, ...query } = call.query;
  const params = paramsOf(route).map((name) => [name, own[name]?.[0] ?? call.params[name] ?? ''] as const);
  return { ...call, query, params: Object.fromEntries(params) };
}

/** What an answer says once the ids that were asked for and the id of the call are taken out. */
function said({ status, body }: Answer, ids: readonly string[]): string {
  const { instance: _call, ...rest } = body;
  return ids
    .filter((id) => id !== '')
    .reduce((text, id) => text.replaceAll(id, '…'), `${status} ${JSON.stringify(rest)}`);
}

async function everything(): Promise<string[]> {
  const { tables } = laid.engine;
  const { names } = tables.owner as TableConfig;
  const items = await Promise.all((Object.keys(names) as TableId[]).map((table) => everyItem(tables, table)));
  return items.flat().map(canonicalJson).sort();
}

/** What nobody but its owner may see or change: its own ids, and the owner's name where it is no sandbox' owner as well. */
const marksOf = ({ ids }: Tenant): string[] =>
  Object.entries(ids).flatMap(([name, own]) => (isOwn(name) || name === 'invitationToken' ? own : []));
const itemsOf = (all: readonly string[], owner: Tenant): string[] =>
  all.filter((item) => [owner.id, ...marksOf(owner)].some((mark) => item.includes(mark)));

/** What a caller tried stands in its own audit trail, with the ids that it gave. */
const isTrailOf = (caller: Tenant, item: string): boolean => item.includes(`"pk":"AT#${caller.id}#`);

type Try = { call: Input; ids: string[] };
/** The same call with the owner's ids and with ones that never were, in one place after the other. */
function triesOf(route: Route, owner: Tenant, caller: Tenant): { theirs: Try; never: Try }[] {
  // Where everybody may call, the id is a secret address: whoever has it may use it.
  const own = route.access.who === 'everybody' ? [] : paramsOf(route).filter((name) => KINDS[name] === 'own');
  const base = fittingCall(route, caller.ids);
  const [theirs, never] = [idsFor(route, owner.ids), (name: string) => NEVER[name]?.(owner.id) ?? ''];
  const tries: { theirs: Try; never: Try }[] = [];
  const put = (names: readonly string[], id: (name: string) => string): Try => {
    const ids = names.map(id);
    return {
      call: { ...base, params: { ...base.params, ...Object.fromEntries(names.map((n, i) => [n, ids[i] ?? ''])) } },
      ids,
    };
  };
  // A link is a key of its own: its holder is the customer. What it must not open is somebody else's file.
  const keys = own.filter((name) => name !== 'token');
  for (let from = 0; from < keys.length; from++) {
    const names = keys.slice(from);
    if (names.every((name) => theirs[name]?.[0] !== undefined))
      tries.push({ theirs: put(names, (name) => theirs[name]?.[0] ?? ''), never: put(names, never) });
  }
  for (const part of ['query', 'body'] as const)
    for (const field of ownFields(route, part)) {
      const name = NAMED[field] ?? field;
      const id = theirs[name]?.[0];
      if (id === undefined) continue;
      const with_ = (value: string): Try => ({
        call: { ...base, [part]: { ...(base[part] as object), [field]: field in NAMED ? [value] : value } },
        ids: [value],
      });
      tries.push({ theirs: with_(id), never: with_(never(name)) });
    }
  return tries;
}

describe('every parameter', () => {
  it('says whose ids it takes, and all kinds of own things were laid', () => {
    const unknown = served.flatMap((route) =>
      paramsOf(route)
        .filter((name) => KINDS[name] === undefined)
        .map((name) => `${route.id}: {${name}}`),
    );
    expect(unknown, 'tell in KINDS and NEVER whose these are, and lay one in tests/support/laid-market.ts').toEqual([]);
    const lacking = Object.keys(NEVER).filter(
      (name) => !OWNERS.some((owner) => laid.tenant(owner).ids[name]?.[0] !== undefined),
    );
    expect(lacking).toEqual([]);
  });
});

describe('another’s things', () => {
  it.each(PAIRS.map(([owner, caller]) => [owner, caller] as const))(
    'of %s are to %s as if they had never been, and stay as they are',
    async (ownerName, callerName) => {
      const [owner, caller] = [laid.tenant(ownerName), laid.tenant(callerName)];
      const before = itemsOf(await everything(), owner).filter((item) => !isTrailOf(caller, item));
      const told: string[] = [];
      let tried = 0;
      for (const route of served)
        for (const { theirs, never } of triesOf(route, owner, caller)) {
          const token = route.access.who === 'customer' ? {} : { token: caller.token };
          const real = await laid.call(route, { ...theirs.call, ...token });
          const none = await laid.call(route, { ...never.call, ...token });
          tried += 1;
          const name = `${route.id} with ${theirs.ids.join(', ')}`;
          if (said(real, theirs.ids) !== said(none, never.ids))
            told.push(`${name}: ${said(real, theirs.ids)} but of nothing ${said(none, never.ids)}`);
          // To take away what is not there is done at once: 204 says nothing, and what is the owner's must still be there.
          else if ((real.status < 400 && real.status !== 204) || real.status === 400)
            told.push(`${name}: ${said(real, theirs.ids)}`);
          told.push(...faultsOf(route, real).map((fault) => `${route.id}: ${fault}`));
        }
      expect(told).toEqual([]);
      expect(tried).toBeGreaterThan(5);
      const after = itemsOf(await everything(), owner).filter((item) => !isTrailOf(caller, item));
      expect(after.filter((item) => !before.includes(item))).toEqual([]);
      expect(after.length).toBe(before.length);
    },
    120_000,
  );

  it.each(PAIRS.map(([owner, caller]) => [owner, caller] as const))(
    'of %s are in no answer to %s',
    async (ownerName, callerName) => {
      const [owner, caller] = [laid.tenant(ownerName), laid.tenant(callerName)];
      const marks = marksOf(owner);
      const leaks: string[] = [];
      for (const route of served.filter(
        (one) => one.method === 'GET' && mayCall(one, caller) && one.access.who === 'members',
      )) {
        const answer = await laid.call(route, { ...fittingCall(route, caller.ids), token: caller.token });
        const text = JSON.stringify(answer.body);
        leaks.push(...marks.filter((mark) => text.includes(mark)).map((mark) => `${route.id} shows ${mark}`));
      }
      expect(leaks).toEqual([]);
    },
    120_000,
  );
});

describe('one’s own things', () => {
  it.each(OWNERS)(
    'of %s are there for it, so that what is tried on them above means something',
    async (name) => {
      const owner = laid.tenant(name);
      const missing: string[] = [];
      // What takes a thing away comes last, parts before the whole.
      const last = (route: Route): number =>
        route.method === 'GET' ? 0 : route.method === 'DELETE' ? 5 - paramsOf(route).length : 1;
      for (const route of [...served].sort((a, b) => last(a) - last(b))) {
        const own = paramsOf(route).filter((param) => KINDS[param] === 'own');
        const ids = idsFor(route, owner.ids);
        if (own.length === 0 || !mayCall(route, owner) || own.some((param) => ids[param]?.[0] === undefined)) continue;
        const token = route.access.who === 'customer' ? {} : { token: owner.token };
        const call = fittingCall(route, owner.ids);
        const theirs = own.map((param) => ids[param]?.[0] ?? '');
        const never = own.map((param) => NEVER[param]?.(owner.id) ?? '');
        const params = { ...call.params, ...Object.fromEntries(own.map((param, i) => [param, never[i] ?? ''])) };
        const real = said(await laid.call(route, { ...call, ...token }), theirs);
        if (real === said(await laid.call(route, { ...call, params, ...token }), never))
          missing.push(`${route.id}: ${real}`);
      }
      expect(missing).toEqual([]);
    },
    120_000,
  );
});
