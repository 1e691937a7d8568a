/** The audit trail as rows. */
import type { AuditRecord } from '../audit-trail/audit-trail.ts';
import type { Column } from './table.ts';

export const AUDIT_COLUMNS: readonly Column<AuditRecord>[] = [
  ['at', ({ at }) => at],
  ['user', ({ user }) => user],
  ['email', ({ email }) => email],
  ['action', ({ action }) => action],
  ['on', ({ params }) => Object.values(params).join(' ')],
  ['content', ({ content }) => content],
  ['status', ({ status }) => status],
  ['problem', ({ code }) => code],
  ['call', ({ call }) => call],
];
