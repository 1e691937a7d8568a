/** What a handler may use during one request: the objects, the time, new ids, events. All of it is one transaction. */
import { createHash } from 'node:crypto';
import type { Stripe } from 'stripe';
import { invalid, resourceMissing } from './errors.ts';
import type { Kind, Kinds } from './kinds.ts';
import type { Condition, Range, Store, Where } from './store.ts';

/** Where an event may go. Snapshot and thin, of the platform itself and of its connected accounts: four, a secret each. */
export type Destination = {
  id: 'snapshot-platform' | 'snapshot-accounts' | 'thin-platform' | 'thin-accounts';
  /** Null while nobody listens there: events wait. */
  url: string | null;
  secret: string;
  /** Only these types; all where left out. */
  types?: readonly string[];
};

/** How objects look: made of all resources' views. */
export type Looks = {
  view: <K extends Kind>(context: Context, kind: K, kept: Kinds[K]) => Kinds[K];
};

export type ContextParts = {
  store: Store;
  /** Seconds since 1970 by the market clock. */
  now: number;
  /** The connected account that the request is for; empty for the platform. */
  account: string;
  request: { id: string | null; idempotencyKey: string | null };
  apiVersion: string;
  destinations: readonly Destination[];
  looks: Looks;
  /** Where the stand-in's pages are. */
  url: string;
};

export type ListAsked = {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
  created?: Range | undefined;
};

/** What a list is of: the address it has, and which objects belong in it. */
export type ListOf = { url: string; where?: Where; also?: Condition | undefined; order?: 'newest' | 'oldest' };
export type V2ListAsked = { limit?: number | undefined; page?: string | undefined; created?: Range | undefined };

const DEFAULT_LIMIT = 10;
const V2_DEFAULT_LIMIT = 20;
/** Decisions that look at all objects of something; more than this is a mistake in the stand-in. */
const MOST_FOUND = 100_000;

export class Context {
  readonly now: number;
  readonly account: string;
  readonly store: Store;
  readonly url: string;
  readonly #parts: ContextParts;

  constructor(parts: ContextParts) {
    this.#parts = parts;
    this.now = parts.now;
    this.account = parts.account;
    this.store = parts.store;
    this.url = parts.url;
  }

  /** The same request in the name of another account (empty: the platform). */
  as(account: string): Context {
    return account === this.account ? this : new Context({ ...this.#parts, account });
  }

  /** An id in Stripe's shape, such as `in_1…`: the prefix, then `length` signs. */
  newId(prefix: string, length = 24): string {
    return this.store.newId(prefix, length);
  }

  get<K extends Kind>(kind: K, id: string): Kinds[K] | undefined {
    return this.store.get(kind, id, this.account);
  }

  /** The object, or the refusal that Stripe answers: 404 for an id of the path, 400 for one in a parameter. */
  need<K extends Kind>(kind: K, id: string, param = 'id'): Kinds[K] {
    const found = this.get(kind, id);
    if (found === undefined || isDeleted(found)) throw resourceMissing(kind, id, param);
    return found;
  }

  /** Keeps an object under its id (or another name, for kinds that have none) and answers it. */
  put<K extends Kind>(kind: K, value: Kinds[K], name?: string): Kinds[K] {
    const id = name ?? ('id' in value ? String(value.id) : undefined);
    if (id === undefined) throw new Error(`A ${kind} has no id: name it`);
    this.store.put(kind, id, this.account, value);
    return value;
  }

  /** Keeps what an object has become and tells what changed; nothing is told where nothing did. */
  change<K extends Kind>(kind: K, type: Stripe.Event['type'], old: Kinds[K], next: Kinds[K]): Kinds[K] {
    const changed = Object.entries(old).filter(([key, value]) => !isSame(value, next[key as keyof Kinds[K]]));
    this.put(kind, next);
    if (changed.length > 0) this.emit(type, kind, next, Object.fromEntries(changed) as Partial<Kinds[K]>);
    return next;
  }

  remove(id: string): void {
    this.store.remove(id);
  }

  /** All objects with these values, the oldest first. */
  find<K extends Kind>(kind: K, where: Where = {}): Kinds[K][] {
    return this.store.select(kind, this.account, { where, order: 'oldest', limit: MOST_FOUND });
  }

  /** A page of a v1 list, the newest first unless `order` says otherwise. */
  list<K extends Kind>(kind: K, asked: ListAsked, more: ListOf): Stripe.ApiList<Kinds[K]> {
    if (asked.starting_after !== undefined && asked.ending_before !== undefined)
      throw invalid('You cannot parameterize both starting_after and ending_before.', { param: 'starting_after' });
    const limit = asked.limit ?? DEFAULT_LIMIT;
    const forward = more.order ?? 'newest';
    const isBackward = asked.ending_before !== undefined;
    const cursor = asked.ending_before ?? asked.starting_after;
    if (cursor !== undefined && this.store.any(cursor, this.account) === undefined)
      throw resourceMissing(kind, cursor, isBackward ? 'ending_before' : 'starting_after');
    const backward = forward === 'newest' ? 'oldest' : 'newest';
    const found = this.store.select(kind, this.account, {
      where: more.where,
      also: more.also,
      created: asked.created,
      order: isBackward ? backward : forward,
      after: cursor,
      limit: limit + 1,
    });
    const data = found.slice(0, limit);
    if (isBackward) data.reverse();
    return { object: 'list', data, has_more: found.length > limit, url: more.url };
  }

  /** A page of a v2 list, the newest first; `next_page_url` carries what was asked for. */
  listV2<K extends Kind>(
    kind: K,
    asked: V2ListAsked,
    more: ListOf & { query?: Readonly<Record<string, string>> },
  ): Stripe.V2List<Kinds[K]> {
    const limit = asked.limit ?? V2_DEFAULT_LIMIT;
    const after = asked.page === undefined ? undefined : Buffer.from(asked.page, 'base64url').toString();
    if (after !== undefined && this.store.any(after, this.account) === undefined)
      throw invalid('The page does not exist: take the URL from next_page_url.', { param: 'page' });
    const { where, also, url } = more;
    const order = more.order ?? 'newest';
    const found = this.store.select(kind, this.account, {
      where,
      also,
      created: asked.created,
      order,
      after,
      limit: limit + 1,
    });
    const data = found.slice(0, limit);
    const last = data.at(-1);
    if (found.length <= limit || last === undefined || !('id' in last))
      return { data, next_page_url: null, previous_page_url: null };
    const page = Buffer.from(String(last.id)).toString('base64url');
    const query = new URLSearchParams({ ...more.query, limit: String(limit), page });
    return { data, next_page_url: `${url}?${query}`, previous_page_url: null };
  }

  /** The object as it is shown. */
  view<K extends Kind>(kind: K, kept: Kinds[K]): Kinds[K] {
    return this.#parts.looks.view(this, kind, kept);
  }

  /**
   * Tells the destinations, after the commit, what happened to an object as it now looks. `previous` holds the old
   * values of what changed, for `*.updated`.
   */
  emit<K extends Kind>(type: Stripe.Event['type'], kind: K, kept: Kinds[K], previous?: Partial<Kinds[K]>): void {
    const id = this.newId('evt_1');
    const data = {
      object: this.view(kind, kept),
      ...(previous === undefined ? {} : { previous_attributes: previous }),
    };
    const event = {
      id,
      object: 'event',
      ...(this.account === '' ? {} : { account: this.account }),
      api_version: this.#parts.apiVersion,
      created: this.now,
      data,
      livemode: false,
      pending_webhooks: 0,
      request: { id: this.#parts.request.id, idempotency_key: this.#parts.request.idempotencyKey },
      type,
    } as unknown as Stripe.Event;
    // All events lie together; the account is a field of theirs.
    this.store.put('event', id, '', event);
    this.#deliver(id, type, 'snapshot', this.account);
  }

  /** A thin event: it names the object, and whoever hears it asks. `about` is the connected account it belongs to. */
  emitThin(
    type: string,
    related: { id: string; type: string; url: string } | null,
    more: { data?: object; about?: string } = {},
  ): void {
    const id = this.newId('evt_test_6', 40);
    const event = {
      id,
      object: 'v2.core.event',
      type,
      created: new Date(this.now * 1_000).toISOString(),
      livemode: false,
      ...(more.about === undefined ? {} : { context: more.about }),
      ...(this.#parts.request.id === null
        ? {}
        : {
            reason: {
              type: 'request',
              request: { id: this.#parts.request.id, idempotency_key: this.#parts.request.idempotencyKey },
            },
          }),
      ...(related === null ? {} : { related_object: related }),
      ...(more.data === undefined ? {} : { data: more.data }),
    } as unknown as Stripe.V2.Core.Event;
    this.store.put('v2.core.event', id, '', event);
    this.#deliver(id, type, 'thin', more.about ?? '');
  }

  #deliver(event: string, type: string, style: 'snapshot' | 'thin', account: string): void {
    const id: Destination['id'] = `${style}-${account === '' ? 'platform' : 'accounts'}`;
    const destination = this.#parts.destinations.find((one) => one.id === id);
    if (destination === undefined || destination.types?.includes(type) === false) return;
    this.store.deliver(event, id, this.now);
  }

  /** Has a job of the resource done at an instant (seconds); one of the past is done with the next request. */
  later(at: number, name: string, data: object): void {
    this.store.later(at, name, this.account, data);
  }
}

/** Whether both are written alike; what was copied from the other is. */
export const isSame = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

const isDeleted = (value: object): boolean => 'deleted' in value && value.deleted === true;

/** The print of a card or a bank account: the same for the same number. */
export const fingerprintOf = (number: string): string =>
  createHash('sha256').update(number).digest('base64url').replaceAll(/[-_]/g, 'x').slice(0, 16);
