/** A company that the market has approved, and its admin, for tests at the edge. */
import { handler as marketApi } from '../../functions/api/market.ts';
import { handler as operatorApi } from '../../functions/api/operator.ts';
import { DAY } from '../../shared/kernel/time.ts';
import type { TestEdge } from './edge.ts';

export type CompanyMember = { id: string; token: string };

/** Registers a company and has it approved; `user` is its admin. */
export async function companyMember(edge: TestEdge, user: string): Promise<CompanyMember> {
  // Tests move the machine clock by hours.
  const token = edge.person(user, 30 * DAY);
  const registered = await edge.call(marketApi, 'POST /v1/organisations', {
    token,
    headers: { 'idempotency-key': `register-${user}` },
    body: { kind: 'company', name: `Company of ${user}` },
  });
  const id = String(registered.body.id);
  const operator = await edge.operator();
  const approved = await edge.call(operatorApi, 'POST /v1/organisations/{organisation}/approve', {
    token: operator,
    params: { organisation: id },
    body: {},
  });
  if (approved.status !== 200) throw new Error(`the company was not approved: ${approved.text}`);
  return { id, token };
}
