/** Writes calls that change money, the market or an organisation into the audit trail, around their handlers. */
import { beginRecord, endRecord } from '../../shared/audit-trail/audit-trail.store.ts';
import { contentOf, recordedOf } from '../../shared/audit-trail/audit-trail.ts';
import { PROBLEMS } from '../../shared/kernel/problem.ts';
import { type Context, isRefusal, type Outcome } from './context.ts';
import type { Input } from './parse.ts';
import { failureOf } from './problems.ts';

/** Runs the handler; where the route's calls are recorded, after the record's beginning was written and before its end. */
export async function recorded(context: Context, input: Input, work: () => Promise<Outcome>): Promise<Outcome> {
  const { route, actor } = context;
  const kept = route.access.who === 'members' ? recordedOf(route.access.scope, route.method) : null;
  if (kept === null || actor.kind !== 'member') return work();
  const record = await beginRecord(context, {
    call: context.callId,
    tenant: actor.tenant,
    user: actor.user,
    email: actor.email,
    action: route.id,
    params: input.params as Record<string, string | number | boolean>,
    content: kept === 'with content' && route.rawBody === undefined ? contentOf(input.body) : null,
  });
  const end = (outcome: Outcome): Promise<void> =>
    endRecord(context, record, endOf(outcome)).catch((error: unknown) => {
      context.runtime.log('warn', 'the end of a recorded call was not written', {
        callId: context.callId,
        error: String(error),
      });
    });
  try {
    const outcome = await work();
    await end(outcome);
    return outcome;
  } catch (error) {
    await end(failureOf(error));
    throw error;
  }
}

const endOf = (outcome: Outcome): { status: number; code: string | null } =>
  isRefusal(outcome)
    ? { status: PROBLEMS[outcome.code][0], code: outcome.code }
    : { status: outcome.status, code: null };
