/**
 * The sweep over leases: one partition, one pass. It walks by time from its watermark, and passes only work that is
 * finished, so that whatever a crash left is found by key. Effects carry their due time, not the sweep's.
 */
import * as z from 'zod';
import { askByMail } from '../customer/mail.store.ts';
import { cachePerOwner, FORGOTTEN_AT_WRITES } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT, type Key, keyText } from '../kernel/table.ts';
import { HOUR } from '../kernel/time.ts';
import { headKey } from '../request/request.store.ts';
import { Head } from '../request/request.ts';
import { drawForAudit } from '../resolution/audit.store.ts';
import { settle } from '../resolution/settle.store.ts';
import { isSandbox } from '../sandbox/sandbox.ts';
import { assumedEvent, lastTurnEvents, turnEvents } from '../webhook/announcements.ts';
import { announce, announceAgain } from '../webhook/webhook.store.ts';
import { PASSES, type Pass, passDelayMs, windowClassIn } from './due.ts';
import { pointerItem } from './lease.store.ts';
import { LEASE_GRACE_MS, Lease, Pointer, statesBefore } from './lease.ts';
import { releaseHead } from './release.store.ts';
import { namedByHeads } from './turn-list.store.ts';

/**
 * Items read at a time, and pages walked in one run at the most; what is left is due at once. Few fall due together, and what
 * is read beyond them is read in vain: the first page is small.
 */
const FEW = 4;
const PAGE = 50;
const MOST_PAGES = 20;
const WIDTH = 8;

/** How far a pass has come, and when it last said so. */
export const Watermark = z.object({ through: z.string(), at: z.number().default(0) });
export type Watermark = z.infer<typeof Watermark>;
/** A run that finds nothing says so after this long. */
const SAYS_SO_MS = HOUR;
const Found = z.union([Lease, Pointer]);

/** Brings one pass of a partition up to now. Answers when it next has something to do; null where nothing waits. */
export async function sweepLeases(
  call: Call,
  partition: string,
  pass: Pass,
): Promise<{ nextAt: number | null; passed: number }> {
  const delayMs = passDelayMs(pass, windowClassIn(partition));
  const [own, before] = await Promise.all([
    readWatermark(call, partition, pass),
    readPassBefore(call, partition, pass),
  ]);
  // `~` sorts after every key of that millisecond.
  const due = `${timeKey(call.now - delayMs)}~`;
  const limit = before !== null && before.through < due ? before.through : due;
  let { through } = own;
  let passed = 0;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, after } = await call.tables.query('requests', Found, {
      pk: partition,
      from: `${through}\u0001`,
      limit: page === 0 ? FEW : PAGE,
      consistent: true,
    });
    const ready = items.filter((item) => item.sk <= limit);
    const named = await namedBy(call, ready, pass);
    await mapConcurrent(ready, WIDTH, (item) => take(call, item, named, pass));
    through = ready.at(-1)?.sk ?? through;
    passed += ready.length;
    const waiting = items[ready.length];
    // The first page is small: where more follows it, how far it came is said with that.
    const isSaidLater = page === 0 && waiting === undefined && after !== undefined;
    if (passed > 0 ? !isSaidLater : own.at <= call.now - SAYS_SO_MS)
      await writeWatermark(call, partition, pass, through);
    if (waiting !== undefined)
      return {
        nextAt: Math.max(timeIn(waiting.sk) + delayMs, waiting.sk <= due ? call.now + LEASE_GRACE_MS : 0),
        passed,
      };
    if (after === undefined) return { nextAt: null, passed };
  }
  return { nextAt: call.now, passed };
}

const watermarkKey = (partition: string, pass: Pass): Key => ({ pk: partition, sk: `!${pass}` });
const timeIn = (sk: string): number => Number(sk.slice(0, 15));
const requestIn = (sk: string): string => sk.split('#')[1] ?? '';

const watermarks = cachePerOwner<Watermark>(10_000, FORGOTTEN_AT_WRITES);

/**
 * How far a pass has come; the beginning where it has not begun. A remembered watermark may only be too early, which
 * repeats finished work and overtakes nothing. Watermarks sort before `0`, so they are never walked.
 */
async function readWatermark(call: Call, partition: string, pass: Pass): Promise<Watermark> {
  const key = watermarkKey(partition, pass);
  return watermarks(call.tables.owner).get(
    keyText(key),
    async () => (await call.tables.get('requests', key, Watermark, { consistent: true })) ?? { through: '0', at: 0 },
  );
}

async function writeWatermark(call: Call, partition: string, pass: Pass, through: string): Promise<void> {
  const key = watermarkKey(partition, pass);
  const watermark: Watermark = { through, at: call.now };
  await call.tables.put('requests', { ...key, ...watermark });
  watermarks(call.tables.owner).set(keyText(key), watermark);
}

/** The watermarks of all passes over some partitions as they stand, by key. */
export async function readWatermarks(call: Call, partitions: readonly string[]): Promise<Map<string, Watermark>> {
  const keys = partitions.flatMap((partition) => PASSES.map((pass) => watermarkKey(partition, pass)));
  return call.tables.getMany('requests', keys, Watermark);
}

/** How far the pass before this one has come, which this one never overtakes; null for the first. */
async function readPassBefore(call: Call, partition: string, pass: Pass): Promise<Watermark | null> {
  const before = PASSES[PASSES.indexOf(pass) - 1];
  return before === undefined ? null : readWatermark(call, partition, before);
}

const Named = z.union([
  Lease.transform((lease) => ({ lease, head: undefined })),
  Head.transform((head) => ({ lease: undefined, head })),
]);
type Named = ReadonlyMap<string, z.infer<typeof Named>>;

/** What some items lead to, by key: the leases of pointers, and for the last pass the heads of which charges follow. */
async function namedBy(call: Call, items: readonly (Lease | Pointer)[], pass: Pass): Promise<Named> {
  const leases = items.flatMap((item) => (item.kind === 'pointer' ? [{ pk: item.leasePk, sk: item.leaseSk }] : []));
  const heads = pass === 'posting' ? items.map((item) => headKey(requestIn(item.sk))) : [];
  return call.tables.getMany('requests', [...leases, ...heads], Named, { consistent: true });
}

async function take(call: Call, item: Lease | Pointer, named: Named, pass: Pass): Promise<void> {
  const key = timeIn(item.sk);
  const lease = item.kind === 'lease' ? item : named.get(keyText({ pk: item.leasePk, sk: item.leaseSk }))?.lease;
  if (lease === undefined) return;
  if (pass === 'lease_end') return endLease(call, lease, key);
  // What is later than this key has a pointer by then: the first pass put it, and this pass never overtakes that one.
  if (lease.resolvedAt === null || lease.resolvedAt > key) return;
  await announceAgain(call, ...turnEvents(lease));
  if (pass === 'silence') return endSilence(call, lease);
  // A sandbox's work is never paid.
  if (!isSandbox(lease.company)) return settle(call, lease, named.get(keyText(headKey(lease.request)))?.head);
}

/** After the silence window: tells that the resolution counts as assumed, and draws the audit sample. */
async function endSilence(call: Call, lease: Lease): Promise<void> {
  await announce(call, ...assumedEvent(lease, windowClassIn(lease.pk)));
  if (!isSandbox(lease.company)) await drawForAudit(call, lease);
}

/** Turns that ended without a resolution: their head goes on. */
const HEAD_TO_FREE: readonly Lease['state'][] = ['lost', 'declined', 'escalated', 'returned'];

/** At a lease's end: held ones are lost, ended ones leave their head, later ones get a pointer to their own time. */
async function endLease(call: Call, lease: Lease, key: number): Promise<void> {
  if (lease.state === 'held') {
    if (lease.leaseUntil > call.now - LEASE_GRACE_MS) return point(call, lease, lease.leaseUntil);
    if (!(await namedByHeads(call, [lease])).includes(lease)) return forget(call, lease);
    const endedAt = lease.leaseUntil;
    const written = await call.tables.change(
      'requests',
      lease,
      Lease,
      {
        set: { state: 'lost', endedAt, reason: 'the lease ran out' },
        append: { history: [['lost', endedAt, 'market']] },
      },
      [
        ['in', 'state', statesBefore('lose')],
        ['=', 'leaseUntil', lease.leaseUntil],
      ],
    );
    if (written.ok) {
      await releaseHead(call, written.item, endedAt);
      return announce(call, ...lastTurnEvents(written.item));
    }
    // It was beaten or ended meanwhile: judge it again as it is now.
    return endLease(call, Lease.parse(written.old), key);
  }
  if (lease.state === 'resolved') await askByMail(call, lease);
  if (lease.resolvedAt !== null && lease.resolvedAt > key) return point(call, lease, lease.resolvedAt);
  if (HEAD_TO_FREE.includes(lease.state)) await releaseHead(call, lease, lease.endedAt ?? call.now);
  return announceAgain(call, ...turnEvents(lease));
}

/** A claim that came to nothing: its lease was never anybody's turn, and leaves nothing to tell. */
async function forget(call: Call, lease: Lease): Promise<void> {
  await call.tables.delete('requests', lease, [['in', 'state', statesBefore('lose')]]);
}

/**
 * A pointer at the lease's own time, or now where that has gone by: a pointer is never put behind a watermark. It only
 * says where to look; what it leads to carries the lease's own times.
 */
async function point(call: Call, lease: Lease, at: number): Promise<void> {
  await call.tables.put('requests', await pointerItem(call, lease, Math.max(at, call.now)), ABSENT);
}
