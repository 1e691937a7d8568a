/** Writes calls that change money, the market or an organisation into the audit trail, around their handlers. */
import { beginRecord, endRecord } from '../../shared/audit-trail/audit-trail.store.ts';
import { type AuditRecord, contentOf, recordedOf } from '../../shared/audit-trail/audit-trail.ts';
import type { Person } from '../../shared/identity/identity.ts';
import { PROBLEMS } from '../../shared/kernel/problem.ts';
import { type Context, isRefusal, type Outcome } from './context.ts';
import type { Input } from './parse.ts';
import { failureOf } from './problems.ts';

/** Runs the handler; where the route's calls are recorded, after the record's beginning was written and before its end. */
export async function recorded(context: Context, input: Input, work: () => Promise<Outcome>): Promise<Outcome> {
  const { route, actor } = context;
  const kept = route.access.who === 'members' ? recordedOf(route.access, route.method) : null;
  if (kept === null || actor.kind !== 'member') return work();
  return around(
    context,
    {
      tenant: actor.tenant,
      user: actor.user,
      email: actor.email,
      params: input.params as Record<string, string | number | boolean>,
      content: kept === 'with content' && route.rawBody === undefined ? contentOf(input.body) : null,
    },
    work,
  );
}

/** The same for somebody who is about to join: in the trail of the organisation, without the link that lets them in. */
export function recordedJoining<O extends Outcome>(
  context: Context<Person>,
  tenant: string,
  work: () => Promise<O>,
): Promise<O> {
  const { user, email } = context.actor;
  return around(context, { tenant, user, email: email === '' ? null : email, params: {}, content: null }, work);
}

type About = Pick<AuditRecord, 'tenant' | 'user' | 'email' | 'params' | 'content'>;

async function around<O extends Outcome>(context: Context, about: About, work: () => Promise<O>): Promise<O> {
  const record = await beginRecord(context, { ...about, call: context.callId, action: context.route.id });
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
