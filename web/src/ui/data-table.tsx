/**
 * A list of the market: columns, pages behind a cursor, rows that open. From 360 px it stacks each row; from 120 rows
 * on only what is seen is drawn.
 */
import { Button, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Pages } from '../api/use-list.ts';
import { t } from '../messages/en.ts';
import classes from './data-table.module.css';
import { Go } from './go.tsx';
import { Empty, QueryState } from './states.tsx';
import { TableFoot, useReadOn } from './table-foot.tsx';
import { useView, useWidths } from './table-view.ts';

export type Column<Row> = {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the end of their column. */
  isNumber?: boolean;
  /** Only where the API sorts by it: the value of its parameter, each way. */
  sort?: { ascending: string; descending: string };
};

type Props<Row> = {
  /** What the table shows, in a few words: its caption. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Where a row leads; the first column's content becomes the link. */
  rowHref?: (row: Row) => string;
  sort?: { value: string; set: (value: string) => void };
  /** Of a list of which not all is here: how many rows stand before these, whether more come, what is looked at. */
  part?: { before: number; hasMore: boolean; onSeen: (from: number, to: number) => void };
};

/** Rows, all of them or a part of a longer list. */
export function DataTable<Row>(props: Props<Row>) {
  const { caption, columns, rows, rowKey, rowHref, sort, part } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const before = part?.before ?? 0;
  const count = before + rows.length;
  const view = useView(count, before, body, caption);
  const widths = useWidths(view.isVirtual, table);
  useEffect(() => part?.onSeen(view.from, view.to));
  return (
    <div className={classes.frame}>
      {/* Stacked rows are no table to a browser any more, so each part says what it is. */}
      <table
        role="table"
        ref={table}
        className={widths === null ? classes.table : `${classes.table} ${classes.steady}`}
        aria-rowcount={part?.hasMore === true ? -1 : count + 1}
      >
        <caption className="visually-hidden">{caption}</caption>
        {widths !== null && (
          <colgroup>
            {columns.map(({ key }, place) => (
              <col key={key} width={widths[place]} />
            ))}
          </colgroup>
        )}
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <Head key={column.key} column={column} sort={sort} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" ref={body} onKeyDown={goToRow}>
          <Gap key={`above ${view.above}`} height={view.above} columns={columns.length} />
          {Array.from({ length: view.to - view.from }, (_, n) => {
            const index = view.from + n;
            const row = rows[index - before];
            if (row === undefined) return <Away key={index} row={index} columns={columns.length} />;
            return (
              <tr role="row" key={rowKey(row)} aria-rowindex={index + 2} data-index={index} ref={view.measure}>
                <Cells row={row} columns={columns} rowHref={rowHref} />
              </tr>
            );
          })}
          <Gap key={`below ${view.below}`} height={view.below} columns={columns.length} />
        </tbody>
      </table>
      {view.left > 0 && (
        <Text size="sm" p="sm">
          {t('table.notPrinted', { count: view.left })}
        </Text>
      )}
    </div>
  );
}

type CellsProps<Row> = Pick<Props<Row>, 'columns'> & { row: Row; rowHref: Props<Row>['rowHref'] };

function CellsOf<Row>({ row, columns, rowHref }: CellsProps<Row>): ReactNode {
  return columns.map((column, place) => (
    <td
      role={place === 0 ? 'rowheader' : 'cell'}
      key={column.key}
      data-label={column.header}
      className={column.isNumber ? classes.number : undefined}
    >
      {place === 0 && rowHref !== undefined ? (
        <Go href={rowHref(row)} className={classes.open}>
          {column.cell(row)}
        </Go>
      ) : (
        column.cell(row)
      )}
    </td>
  ));
}

/** As one goes down, most rows stay what they are. */
const Cells = memo(CellsOf) as typeof CellsOf;

/** A row that was let go, until it is read again. */
function Away({ row, columns }: { row: number; columns: number }) {
  return (
    <tr role="row" aria-rowindex={row + 2} aria-busy="true">
      <td role="cell" colSpan={columns} className={classes.away}>
        {t('table.away', { row: row + 1 })}
      </td>
    </tr>
  );
}

/** The arrows go from the link of one row to that of the next. */
function goToRow(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const link = event.target as HTMLElement;
  if (step === 0 || !link.classList.contains(classes.open ?? '')) return;
  const index = Number(link.closest('tr')?.dataset.index);
  const next = event.currentTarget.querySelector<HTMLElement>(`tr[data-index="${index + step}"] .${classes.open}`);
  if (next === null) return;
  event.preventDefault();
  next.focus();
  next.closest('tr')?.scrollIntoView({ block: 'nearest' });
}

type WhenEmpty = { title: string; text?: ReactNode; action?: ReactNode };
type ReadProps<Row> = Omit<Props<Row>, 'rows'> & {
  of: Pick<UseQueryResult<{ items: readonly Row[] }>, 'status' | 'error' | 'data' | 'fetchStatus' | 'refetch'>;
  empty: WhenEmpty;
};

/** A list that one read answers whole: loading, refused, empty or there. */
export function ReadTable<Row>({ of, empty, ...table }: ReadProps<Row>) {
  return (
    <QueryState of={of}>
      {({ items }) => (items.length === 0 ? <None of={empty} /> : <DataTable {...table} rows={items} />)}
    </QueryState>
  );
}

function None({ of: { title, text, action } }: { of: WhenEmpty }) {
  return (
    <Empty title={title} text={text}>
      {action}
    </Empty>
  );
}

type PagedProps<Row> = Omit<Props<Row>, 'rows' | 'part'> & { pages: Pages<Row>; empty: WhenEmpty };

/** Rows before the end are so many when what comes next is read. */
const AHEAD = 30;
/** Of fewer rows a page was short, since few fitted: more are looked for at once. */
const FEW = 20;

/** A list that comes in pages: loading, refused, empty or there; more is read on demand, and then as one goes down. */
export function PagedTable<Row>({ pages, empty, ...table }: PagedProps<Row>) {
  const { items, before, hasMore, wasAsked, back } = pages;
  const [isNearEnd, setNearEnd] = useState(false);
  const isNone = before + items.length === 0;
  const isShort = before + items.length < FEW;
  const isReading = useReadOn(pages, isShort || (wasAsked && isNearEnd));
  const onSeen = (from: number, to: number) => {
    if (from < before) back(from);
    setNearEnd(to >= before + items.length - AHEAD);
  };
  return (
    <QueryState of={pages.query}>
      {() =>
        isNone ? (
          hasMore ? (
            <NoneSoFar isReading={isReading} more={pages.more} />
          ) : (
            <None of={empty} />
          )
        ) : (
          <>
            <DataTable {...table} rows={items} part={{ before, hasMore, onSeen }} />
            <TableFoot of={pages} isReading={isReading} />
          </>
        )
      }
    </QueryState>
  );
}

/** Of a filter that fits nothing in the part that was looked through. */
function NoneSoFar({ isReading, more }: { isReading: boolean; more: () => void }) {
  return (
    <Empty title={t(isReading ? 'table.looking' : 'table.looked')}>
      <Button variant="default" size="xs" onClick={more} loading={isReading}>
        {t('table.lookOn')}
      </Button>
    </Empty>
  );
}

function Head<Row>({ column, sort }: { column: Column<Row>; sort: Props<Row>['sort'] }) {
  const { header, isNumber, sort: by } = column;
  const className = isNumber ? classes.number : undefined;
  if (by === undefined || sort === undefined)
    return (
      <th role="columnheader" scope="col" className={className}>
        {header}
      </th>
    );
  const order = sort.value === by.ascending ? 'ascending' : sort.value === by.descending ? 'descending' : 'none';
  return (
    <th role="columnheader" scope="col" className={className} aria-sort={order}>
      <button
        type="button"
        className={classes.sort}
        onClick={() => sort.set(order === 'descending' ? by.ascending : by.descending)}
      >
        {header} {order === 'none' ? '' : order === 'ascending' ? '↑' : '↓'}
      </button>
    </th>
  );
}

/** Keeps the height of rows that are not drawn. Another height is another row: browsers see late that an empty cell has grown. */
function Gap({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr role="presentation" aria-hidden="true">
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
