/** Organisations that the market has approved, and their admins, for tests at the edge. */
import { handler as marketApi } from '../../functions/api/market.ts';
import { handler as operatorApi } from '../../functions/api/operator.ts';
import { DAY } from '../../shared/kernel/time.ts';
import type { TestEdge } from './edge.ts';

/** An approved organisation, of either kind. */
export type CompanyMember = { id: string; token: string };

/** Registers a company and has it approved; `user` is its admin. */
export const companyMember = (edge: TestEdge, user: string): Promise<CompanyMember> =>
  approved(edge, user, { kind: 'company', name: `Company of ${user}` }, {});

/** The same of a provider with people. */
export const providerMember = (edge: TestEdge, user: string): Promise<CompanyMember> =>
  approved(
    edge,
    user,
    { kind: 'provider', name: `Pool of ${user}`, providerKind: 'agent_pool' },
    { qualityBps: 9_000 },
  );

async function approved(edge: TestEdge, user: string, body: unknown, approval: unknown): Promise<CompanyMember> {
  // Tests move the machine clock by hours.
  const token = edge.person(user, 30 * DAY);
  const registered = await edge.call(marketApi, 'POST /v1/organisations', {
    token,
    headers: { 'idempotency-key': `register-${user}` },
    body,
  });
  const id = String(registered.body.id);
  const done = await edge.call(operatorApi, 'POST /v1/organisations/{organisation}/approve', {
    token: await edge.operator(),
    params: { organisation: id },
    body: approval,
  });
  if (done.status !== 200) throw new Error(`${id} was not approved: ${done.text}`);
  return { id, token };
}
