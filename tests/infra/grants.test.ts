/** A function's role against its code: what the code never calls it may not do, and what it calls it may. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RecordedCall } from '../support/recording/recorded.ts';
import { calledInCode } from './called-in-code.ts';
import { Synthesised } from './synthesised.ts';
import { notGranted, notInCode, tooLittle, tooMuch } from './used-grants.ts';

let made: Synthesised;
let code: ReturnType<typeof calledInCode>;
beforeAll(() => {
  made = Synthesised.shared();
  code = calledInCode();
}, 120_000);

describe('a function’s role', () => {
  it('allows nothing on tables that its code does not contain', () => {
    expect(notInCode(made, code)).toEqual([]);
  });

  it('allows all that its code contains, but for what it never comes to', () => {
    expect(notGranted(made, code)).toEqual([]);
  });
});

/** `npm test` holds what all tests saw against the roles in the end; here, that it would tell. */
describe('what tests saw functions ask for', () => {
  const call = (more: Partial<RecordedCall>): RecordedCall => ({
    function: 'api-company',
    action: 'dynamodb:PutItem',
    resource: 'table:market',
    leading: 'C#',
    ...more,
  });

  it.each([
    ['an action on another table', { function: 'schedule-sweeps', resource: 'table:ledger' }],
    ['another action', { function: 'api-overview', action: 'dynamodb:DeleteItem' }],
    ['an index it has no use for', { action: 'dynamodb:Query', resource: 'index:market/due' }],
    ['a key under which it may not write', { resource: 'table:ledger', leading: 'E#' }],
    [
      'a change of an entry',
      { function: 'api-money', action: 'dynamodb:UpdateItem', resource: 'table:ledger', leading: 'E#' },
    ],
    ['another queue', { action: 'sqs:SendMessage', resource: 'queue:clearing' }],
    ['another key', { action: 'ssm:GetParameter', resource: 'parameter:stripe-key' }],
    ['what is not there', { resource: 'table:accounts' }],
  ])('is too much where it is %s', (_, more) => {
    expect(tooLittle(made, [call(more)])).toHaveLength(1);
  });

  it.each([
    call({}),
    call({ resource: 'table:ledger', leading: 'CR#' }),
    call({ function: 'api-money', resource: 'table:ledger', leading: 'E#' }),
    call({ function: 'api-overview', action: 'dynamodb:UpdateItem', leading: 'CL#' }),
    call({ action: 'sqs:SendMessage', resource: 'queue:deliveries', leading: '-' }),
  ])('is allowed: %j', (one) => {
    expect(tooLittle(made, [one])).toEqual([]);
  });

  it('is about nothing but what the topology names: each resource of a role is one of its', () => {
    expect(tooMuch(made, []).filter((one) => /Fn::|"Ref"|arn:/.test(one))).toEqual([]);
  });

  it('tells of what is allowed and nobody saw', () => {
    expect(tooMuch(made, [])).toContain(
      'api-company: dynamodb:PutItem on table:market: no test saw it ask for this, though its role allows it',
    );
  });
});
