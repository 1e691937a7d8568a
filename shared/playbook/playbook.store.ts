/**
 * Versions `Y#<company>#<queue>` / `<version>`, never changed, and which one stands: `~<queue>` among the company's rules
 * `X#<company>`, which dispatch reads anyway (`company-rules.store.ts`).
 */
import * as z from 'zod';
import { forgetRules, readRules, STANDING_PREFIX, Standing } from '../dispatch/company-rules.store.ts';
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { contentHash } from '../kernel/hash.ts';
import { roundKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Condition, type Key } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { DEFAULT_SHOWS, Playbook, type PlaybookInput, type Shows } from './playbook.ts';

const versionKey = (company: string, queue: string, version: number): Key => ({
  pk: `Y#${company}#${queue}`,
  sk: roundKey(version),
});
const standingKey = (company: string, queue: string): Key => ({
  pk: `X#${company}`,
  sk: `${STANDING_PREFIX}${queue}`,
});
const Stored = z.object({ playbook: Playbook });

const versions = cachePerOwner<Playbook>(500);

/** One version of a company's playbook; undefined where there is none. What was read is remembered: it never changes. */
export async function readVersion(
  call: Call,
  company: string,
  queue: string,
  version: number,
): Promise<Playbook | undefined> {
  const key = versionKey(company, queue, version);
  const cache = versions(call.tables.owner);
  const name = `${key.pk}|${key.sk}`;
  if (cache.has(name)) return cache.get(name, () => Promise.reject(new Error('it is there')));
  const found = await call.tables.get('market', key, Stored);
  if (found !== undefined) cache.set(name, found.playbook);
  return found?.playbook;
}

/** The version that stands for a queue, at most five seconds old; undefined where there is none. */
export async function readPlaybook(call: Call, company: string, queue: string): Promise<Playbook | undefined> {
  const standing = (await readRules(call, company)).playbooks.get(queue);
  return standing === undefined ? undefined : readVersion(call, company, queue, standing.version);
}

/** What a turn's provider may see, by the version that stood when it was claimed. */
export async function showsOf(
  call: Call,
  turn: { company: string; queue: string; playbook: number | null },
): Promise<Shows> {
  if (turn.playbook === null) return DEFAULT_SHOWS;
  const version = await readVersion(call, turn.company, turn.queue, turn.playbook);
  if (version === undefined) throw new Error(`${turn.company} has no playbook ${turn.playbook} for ${turn.queue}`);
  return version.shows;
}

/**
 * Puts the next version; the same content again is the version that stands. Turns that are held go on with theirs.
 * Refused: `playbook_changed`, where the version it `replaces` does not stand, or two were put at once.
 */
export async function putPlaybook(
  call: Call,
  company: string,
  queue: string,
  input: PlaybookInput,
): Promise<Result<Playbook, 'playbook_changed'>> {
  const { replaces, ...contents } = input;
  const hash = await contentHash(contents);
  const old = await call.tables.get('market', standingKey(company, queue), Standing, { consistent: true });
  if (old?.hash === hash) return standing(call, company, queue, old.version);
  if (replaces !== undefined && replaces !== (old?.version ?? 0)) return changed(old?.version ?? 0);
  const version = (old?.version ?? 0) + 1;
  const playbook: Playbook = { queue, version, changedAt: iso(call.now), ...contents };
  const when: Condition = old === undefined ? ABSENT : [['=', 'version', old.version]];
  const written = await call.tables.transact([
    { kind: 'put', table: 'market', item: { ...versionKey(company, queue, version), playbook }, when: ABSENT },
    {
      kind: 'put',
      table: 'market',
      item: { ...standingKey(company, queue), version, hash, shows: contents.shows },
      when,
    },
  ]);
  forgetRules(call, company);
  if (written.ok) return ok(playbook);
  const winner = await call.tables.get('market', standingKey(company, queue), Standing, { consistent: true });
  return winner?.hash === hash ? standing(call, company, queue, winner.version) : changed(winner?.version ?? 0);
}

async function standing(call: Call, company: string, queue: string, version: number): Promise<Result<Playbook, never>> {
  const found = await readVersion(call, company, queue, version);
  if (found === undefined) throw new Error(`${company} has no playbook ${version} for ${queue}`);
  return ok(found);
}

const changed = (version: number) =>
  refuse(
    'playbook_changed',
    `Version ${version} stands now: read it, take over what changed, and send yours with 'replaces': ${version}.`,
    { extra: { version } },
  );
