/**
 * A list of the market: columns, pages behind a cursor, rows that open. From 360 px it stacks each row; from two hundred
 * rows on only what is seen is drawn.
 */
import { Button, Group, Text } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { Pages } from '../api/use-api.ts';
import { t } from '../messages/en.ts';
import classes from './data-table.module.css';
import { Go } from './go.tsx';
import { usePrinting } from './printing.ts';
import { Empty, QueryState } from './states.tsx';

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
};

/** From so many rows on, those out of sight are not drawn. */
const VIRTUAL_FROM = 200;
/** So many rows go on paper: who wants more of them takes the file. */
export const MOST_PRINTED = 5_000;
const ROW_PX = 41;

/** Rows that are all there. */
export function DataTable<Row>(props: Props<Row>) {
  const { caption, columns, rows, rowKey, rowHref, sort } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const view = useView(rows.length, body);
  return (
    <div className={classes.frame}>
      {/* Stacked rows are no table to a browser any more, so each part says what it is. */}
      <table role="table" className={classes.table} aria-rowcount={rows.length + 1}>
        <caption className="visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <Head key={column.key} column={column} sort={sort} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" ref={body}>
          <Gap height={view.before} columns={columns.length} />
          {rows.slice(view.from, view.to).map((row, n) => (
            <tr
              role="row"
              key={rowKey(row)}
              aria-rowindex={view.from + n + 2}
              data-index={view.from + n}
              ref={view.measure}
            >
              {columns.map((column, place) => (
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
              ))}
            </tr>
          ))}
          <Gap height={view.after} columns={columns.length} />
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

type PagedProps<Row> = Omit<Props<Row>, 'rows'> & {
  pages: Pages<Row>;
  empty: { title: string; text?: ReactNode; action?: ReactNode };
};

/** A list that comes in pages: loading, refused, empty or there, with more on demand. */
export function PagedTable<Row>({ pages, empty, ...table }: PagedProps<Row>) {
  const { items, hasMore, isLoadingMore, more } = pages;
  return (
    <QueryState of={pages.query}>
      {() =>
        items.length === 0 ? (
          <Empty title={empty.title} text={empty.text}>
            {empty.action}
          </Empty>
        ) : (
          <>
            <DataTable {...table} rows={items} />
            <Group mt="sm" justify="space-between" className={hasMore ? undefined : 'no-print'}>
              <Text size="sm" c="dimmed" role="status">
                {t(hasMore ? 'table.shownMore' : 'table.shown', { count: items.length })}
              </Text>
              {hasMore && (
                <Button variant="default" size="xs" onClick={more} loading={isLoadingMore}>
                  {t('table.more')}
                </Button>
              )}
            </Group>
          </>
        )
      }
    </QueryState>
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

/** Keeps the height of rows that are not drawn. */
function Gap({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr role="presentation" aria-hidden="true">
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

type View = {
  from: number;
  to: number;
  before: number;
  after: number;
  /** Rows that do not go on paper. */
  left: number;
  measure: ((row: HTMLTableRowElement | null) => void) | undefined;
};

/** Which rows to draw, and how much room to keep before and after them; on paper all of them. */
function useView(count: number, body: { current: HTMLElement | null }): View {
  const isPrinting = usePrinting();
  const isVirtual = count >= VIRTUAL_FROM;
  const [scrollMargin, setMargin] = useState(0);
  useLayoutEffect(() => {
    if (body.current !== null) setMargin(body.current.getBoundingClientRect().top + window.scrollY);
  }, [body]);
  const virtual = useWindowVirtualizer({
    count: isVirtual ? count : 0,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin,
  });
  const to = Math.min(count, isPrinting ? MOST_PRINTED : count);
  if (!isVirtual || isPrinting) return { from: 0, to, before: 0, after: 0, left: count - to, measure: undefined };
  const seen = virtual.getVirtualItems();
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined)
    return { from: 0, to: 0, before: 0, after: 0, left: 0, measure: undefined };
  return {
    from: first.index,
    to: last.index + 1,
    before: first.start - scrollMargin,
    after: virtual.getTotalSize() - (last.end - scrollMargin),
    left: 0,
    measure: virtual.measureElement,
  };
}
