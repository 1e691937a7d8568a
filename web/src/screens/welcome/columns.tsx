/** What the columns of a file mean: as guessed, and to be corrected. */
import { Alert, Select, Text } from '@mantine/core';
import { t } from './messages.en.ts';
import type { Only } from './tickets/count.ts';
import { companyColumn, type Mapping, MEANINGS, type Meaning, type Source } from './tickets/mapping.ts';
import type { Look } from './tickets/read.ts';
import classes from './welcome.module.css';

type Props = {
  look: Look;
  mapping: Mapping;
  only: Only;
  isSure: boolean;
  isBusy: boolean;
  onChange: (change: { mapping?: Mapping; only?: Only }) => void;
};

/** Nobody chooses from more. */
const MOST_COMPANIES = 500;
const EXAMPLES = 3;
/** Stands before a value that is the same for all rows; no column begins so. */
const SAME = '\u0000';

export function Columns({ look, mapping, only, isSure, isBusy, onChange }: Props) {
  const company = companyColumn(look.header);
  return (
    <details open={!isSure}>
      <summary>{t('map.change')}</summary>
      {!isSure && (
        <Alert variant="default" color="yellow" my="sm">
          {t('map.unsure')}
        </Alert>
      )}
      <div className={classes.columns}>
        {MEANINGS.map((meaning) => (
          <Column
            key={meaning}
            meaning={meaning}
            look={look}
            source={mapping[meaning]}
            isBusy={isBusy}
            onChange={(source) => onChange({ mapping: { ...mapping, [meaning]: source } })}
          />
        ))}
        {company !== undefined && (
          <Select
            label={t('map.only')}
            searchable
            disabled={isBusy}
            limit={MOST_COMPANIES}
            allowDeselect={false}
            value={only?.value ?? ''}
            onChange={(value) => onChange({ only: value === null || value === '' ? null : { column: company, value } })}
            data={[{ value: '', label: t('map.only.all') }, ...valuesOf(look, company)]}
          />
        )}
      </div>
    </details>
  );
}

type ColumnProps = {
  meaning: Meaning;
  look: Look;
  source: Source;
  isBusy: boolean;
  onChange: (source: Source) => void;
};

function Column({ meaning, look, source, isBusy, onChange }: ColumnProps) {
  const isColumnOnly = meaning === 'created' || meaning === 'category';
  const constant = 'constant' in source ? source.constant : DEFAULTS[meaning];
  const value = 'column' in source ? source.column : `${SAME}${source.constant}`;
  return (
    <div>
      <Select
        label={t(`map.${meaning}`)}
        disabled={isBusy}
        allowDeselect={false}
        value={value}
        onChange={(chosen) => {
          if (chosen !== null) onChange(chosen.startsWith(SAME) ? { constant: chosen.slice(1) } : { column: chosen });
        }}
        data={[
          ...(isColumnOnly ? [] : [{ value: `${SAME}${constant}`, label: t('map.same', { value: constant }) }]),
          ...[...new Set(look.header)].filter((name) => name !== ''),
        ]}
      />
      {'column' in source && (
        <Text size="xs" c="dimmed" truncate>
          {t('map.example', { values: valuesOf(look, source.column).slice(0, EXAMPLES).join(', ') })}
        </Text>
      )}
    </div>
  );
}

const DEFAULTS: Readonly<Record<Meaning, string>> = {
  created: '',
  category: '',
  channel: 'Web',
  language: navigator.language,
  region: new Intl.Locale(navigator.language).maximize().region ?? 'US',
};

/** The different values of a column in the first rows, the most frequent first. */
function valuesOf({ header, sample }: Look, column: string): string[] {
  const place = header.indexOf(column);
  const often = new Map<string, number>();
  for (const row of sample) {
    const value = row[place]?.trim() ?? '';
    if (value !== '') often.set(value, (often.get(value) ?? 0) + 1);
  }
  return [...often].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([value]) => value);
}
