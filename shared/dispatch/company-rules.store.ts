/**
 * What a company lays down for its queues, in one small partition `X#<company>` that claims read anyway: withdrawals
 * `<queue>#<provider>`, and which version of its playbook stands, `~<queue>`, with what that one shows.
 */
import * as z from 'zod';
import { cachePerOwner, FORGOTTEN_AT_WRITES } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { Shows } from '../playbook/playbook.ts';

export const STANDING_PREFIX = '~';

export const Standing = z.object({ version: z.int().min(1), hash: z.string(), shows: Shows });
export type Standing = z.infer<typeof Standing>;

export type CompanyRules = {
  /** As `<queue>#<provider>`. */
  withdrawn: string[];
  /** By queue. */
  playbooks: ReadonlyMap<string, Standing>;
};

const rules = cachePerOwner<CompanyRules>(10_000, FORGOTTEN_AT_WRITES);

/** A company's rules; at most five seconds old. */
export async function readRules(call: Call, company: string): Promise<CompanyRules> {
  return rules(call.tables.owner).get(company, async () => {
    const items = await call.tables.queryAll('market', z.looseObject({ sk: z.string() }), { pk: `X#${company}` });
    return {
      withdrawn: items.filter(({ sk }) => !sk.startsWith(STANDING_PREFIX)).map(({ sk }) => sk),
      playbooks: new Map(
        items
          .filter(({ sk }) => sk.startsWith(STANDING_PREFIX))
          .map((item) => [item.sk.slice(STANDING_PREFIX.length), Standing.parse(item)]),
      ),
    };
  });
}

/** What is remembered of a company's rules ends with a write of this process. */
export function forgetRules(call: Call, company: string): void {
  rules(call.tables.owner).forget(company);
}
