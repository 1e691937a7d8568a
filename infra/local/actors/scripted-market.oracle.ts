/**
 * A market small enough to read, for tests of the world: one lane, every request goes to the first provider of a rotation,
 * nothing is priced. It answers the calls that the world makes and writes down each with its market time.
 */

import type { Parley } from '../../../shared/client/client.ts';
import { iso } from '../../../shared/kernel/time.ts';
import type { RequestView } from '../../../shared/request/request.ts';
import type { Directory, Member } from './directory.ts';
import type { MarketTime } from './market-time.ts';
import { BUILT_IN_RANGES } from './price-points.ts';
import { termsOf } from './providers.ts';

type Stored = RequestView & { lease: number };
type Call = { params?: { path?: Record<string, string>; query?: Record<string, unknown> }; body?: unknown };
const REOPEN_HOURS = 168;

export type ScriptedMarket = { directory: Directory; time: MarketTime; calls: string[]; requests: Map<string, Stored> };

/** A market whose clock stands at `begin` and whose only round begins at `startsAt`. */
export function scriptedMarket(begin: number, startsAt: number): ScriptedMarket {
  let now = begin;
  const calls: string[] = [];
  const requests = new Map<string, Stored>();
  const providers: string[] = [];
  let leases = 0;

  const answer = (who: string, method: string, path: string, { params, body }: Call): unknown => {
    const target = params?.path?.request ?? params?.path?.token ?? leaseOf(params?.path?.lease)?.externalId ?? '';
    calls.push(`${iso(now).slice(0, 16)} ${who} ${method} ${path} ${target}`.trim());
    if (path === '/v1/requests') return create(who, body as { externalId: string; queue: string });
    if (path === '/v1/requests/batch') {
      const inputs = (body as { requests: { externalId: string; queue: string }[] }).requests;
      return { results: inputs.map((input) => ({ status: 201, request: create(who, input) })) };
    }
    if (path === '/v1/claims') return { work: claim(who, (body as { max: number }).max), retryAfterMs: 0 };
    if (path === '/v1/leases/{lease}/resolve') return end(params?.path?.lease, 'resolved');
    if (path === '/v1/leases/{lease}/escalate' || path === '/v1/leases/{lease}/decline')
      return end(params?.path?.lease, 'queued');
    if (path === '/v1/leases/{lease}/heartbeat') return {};
    if (path === '/v1/requests/{request}') return requests.get(params?.path?.request ?? '');
    if (path === '/v1/requests/{request}/link') return { token: params?.path?.request };
    if (path === '/v1/links/{token}/solved') return set(params?.path?.token, { state: 'confirmed' });
    if (path === '/v1/links/{token}/not-solved') {
      const before = requests.get(params?.path?.token ?? '');
      return set(params?.path?.token, { state: 'queued', reopens: (before?.reopens ?? 0) + 1 });
    }
    if (path === '/v1/queues/{queue}') return publicQueue(params?.path?.queue ?? '');
    if (path === '/v1/queues/{queue}/rounds') return { items: [], next: null };
    return {};
  };

  const create = (company: string, { externalId, queue }: { externalId: string; queue: string }): RequestView => {
    const known = requests.get(externalId);
    if (known !== undefined) return known;
    const view: Stored = {
      id: externalId,
      externalId,
      queue,
      round: 1,
      state: 'queued',
      provider: providers[requests.size % providers.length] ?? null,
      route: 'overflow',
      priceMicros: 1_000_000,
      acceptedAt: iso(now),
      deadline: iso(now + 48 * 3_600_000),
      resolvedAt: null,
      withinSla: null,
      reopens: 0,
      linkedTo: null,
      incident: null,
      outcome: null,
      lease: 0,
    };
    if (company !== '') requests.set(externalId, view);
    return view;
  };
  const claim = (provider: string, max: number) => {
    const waiting = [...requests.values()].filter((r) => r.state === 'queued' && r.provider === provider).slice(0, max);
    return waiting.map((request) => {
      request.state = 'working';
      request.lease = ++leases;
      const lease = { id: `lease ${leases}`, request: request.id, queue: request.queue, claimedAt: iso(now) };
      return { lease, text: '', category: '', fields: {} };
    });
  };
  const leaseOf = (lease: string | undefined) => [...requests.values()].find((r) => `lease ${r.lease}` === lease);
  const end = (lease: string | undefined, state: 'resolved' | 'queued') => {
    const request = leaseOf(lease);
    if (request === undefined) throw new Error(`nobody holds ${lease}`);
    const next = providers[(providers.indexOf(request.provider ?? '') + 1) % providers.length] ?? null;
    set(request.id, state === 'resolved' ? { state, resolvedAt: iso(now) } : { state, provider: next });
    return { resolvedAt: iso(now) };
  };
  const set = (id: string | undefined, change: Partial<Stored>) => {
    const request = requests.get(id ?? '');
    if (request === undefined) throw new Error(`there is no request ${id}`);
    return Object.assign(request, change);
  };
  const publicQueue = (id: string) => ({
    id,
    terms: { ...termsOf('Web', 'month', BUILT_IN_RANGES), reopenHours: REOPEN_HOURS },
    open: now < startsAt ? { round: 1, closesAt: iso(startsAt - 24 * 3_600_000), startsAt: iso(startsAt) } : null,
  });

  const client = (who: string): Parley => {
    const method =
      (name: string) =>
      async (path: string, init: Call = {}) => ({
        data: answer(who, name, path, init),
        response: new Response(),
      });
    const methods = { GET: method('GET'), POST: method('POST'), PUT: method('PUT'), DELETE: method('DELETE') };
    return methods as unknown as Parley;
  };
  const member = async (name: string): Promise<Member> => ({
    id: name,
    name,
    email: '',
    secret: '',
    client: client(name),
  });
  return {
    calls,
    requests,
    time: { now: () => now, reach: async (instant) => (now = Math.max(now, instant)) },
    directory: {
      anybody: client(''),
      operator: async () => client('operator'),
      finance: async (person) => client(person),
      company: member,
      provider: async ({ name }) => {
        providers.push(name);
        return member(name);
      },
      companies: async () => [],
    },
  };
}
