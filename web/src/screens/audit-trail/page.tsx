/** Who changed what. */
import { Code, Text } from '@mantine/core';
import type { AuditRecord } from '../../../../shared/audit-trail/audit-trail.ts';
import { usePages } from '../../api/use-api.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { OrganisationName, PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { When } from '../../ui/values.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { invoiceText } from '../finance-parts/entry-text.ts';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { t } from './messages.en.ts';
import { wordsOf } from './words.ts';

const columns: readonly Column<AuditRecord>[] = [
  { key: 'action', header: t('column.action'), cell: ({ action }) => <span title={action}>{wordsOf(action)}</span> },
  { key: 'who', header: t('column.who'), cell: ({ email, user }) => email ?? <PersonName id={user} /> },
  {
    key: 'about',
    header: t('column.about'),
    cell: ({ params }) => <About params={params} />,
  },
  { key: 'content', header: t('column.content'), cell: ({ content }) => <Content text={content} /> },
  { key: 'end', header: t('column.end'), cell: (record) => <End of={record} /> },
  { key: 'when', header: t('column.when'), isNumber: true, cell: ({ at }) => <When iso={at} show="absolute" /> },
];

export default function AuditTrail() {
  const month = useMonth();
  const records = usePages('/v1/audit-trail', { query: { period: month.period, limit: 100 } });
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <DownloadButton
            label={t('csv')}
            name={`audit-trail-${month.period}.csv`}
            path="/v1/exports/audit-trail/csv"
            query={{ period: month.period }}
          />
        }
      />
      <MonthFilter of={month} hasCurrency={false} />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={records}
        rowKey={({ call }) => call}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

const ORGANISATIONS: readonly string[] = ['organisation', 'company', 'provider'];

/** What a call named: organisations and people by their names, all else as it stands. */
function About({ params }: { params: AuditRecord['params'] }) {
  const all = Object.entries(params);
  if (all.length === 0) return <>–</>;
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      {all.map(([name, value]) => (
        <div key={name}>
          {ORGANISATIONS.includes(name) ? (
            <OrganisationName id={String(value)} />
          ) : name === 'user' ? (
            <PersonName id={String(value)} />
          ) : (
            <span title={String(value)}>{invoiceText(String(value))}</span>
          )}
        </div>
      ))}
    </div>
  );
}

function Content({ text }: { text: string | null }) {
  if (text === null) return <>–</>;
  if (text.length <= 80) return <Code style={BREAK}>{text}</Code>;
  return (
    <details>
      <summary>{t('show')}</summary>
      <Code block style={BREAK}>
        {text}
      </Code>
    </details>
  );
}
const BREAK = { overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' } as const;

function End({ of: { status, code } }: { of: AuditRecord }) {
  if (status === null)
    return (
      <Text span inherit c="dimmed">
        {t('unknown')}
      </Text>
    );
  return (
    <Text span inherit {...(status >= 400 ? { c: 'var(--parley-bad)' } : {})}>
      {status}
      {code !== null && ` ${code}`}
    </Text>
  );
}
