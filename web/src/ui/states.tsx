/** What stands in place of content: loading, refused, offline, not for you, nothing yet, broken. */
import { Box, Button, Center, Skeleton, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ComponentProps, ReactNode } from 'react';
import { t } from '../messages/en.ts';
import { PageHeader } from './page-header.tsx';
import { told } from './problem.tsx';

/** Where a page will be. */
export function PageSkeleton() {
  return (
    <Stack gap="md" aria-busy="true">
      <span className="visually-hidden" role="status">
        {t('app.loading')}
      </span>
      <Skeleton h={28} w={220} />
      <Skeleton h={14} w="60%" />
      <Skeleton h={220} />
    </Stack>
  );
}

type EmptyProps = {
  title: string;
  text?: ReactNode;
  children?: ReactNode;
  /** In place of a whole page: the title is the page's heading. */
  isPage?: boolean;
  /** Of a page: the way up. */
  back?: Back;
};
type Back = ComponentProps<typeof PageHeader>['back'];

/** A box in place of content: a title, a sentence, what to do. */
export function Empty({ title, text, children, isPage = false, back }: EmptyProps) {
  const rest = (
    <>
      {text !== undefined && <Text c="dimmed">{text}</Text>}
      {children}
    </>
  );
  if (isPage)
    return (
      <>
        <PageHeader title={title} back={back} />
        <Stack align="flex-start" gap="sm" maw={600}>
          {rest}
        </Stack>
      </>
    );
  return (
    <Center py="xl">
      <Stack align="center" gap="xs" maw={480} ta="center" data-testid="empty">
        <Text fw={600}>{title}</Text>
        {rest}
      </Stack>
    </Center>
  );
}

type Query<T> = Pick<UseQueryResult<T>, 'status' | 'error' | 'data' | 'fetchStatus' | 'refetch'>;
type Props<T> = {
  of: Query<T>;
  /** What stands there while it loads; a block where left out. */
  skeleton?: ReactNode;
  /** Of a page whose heading comes with what is read: what stands in its place has one of its own. */
  isPage?: boolean;
  /** Of a page: the way up, also from what stands in its place. */
  back?: Back;
  children: (data: T) => ReactNode;
};

/** A read's content where it is there, and else what stands in its place. Old content stays while it is read again. */
export function QueryState<T>({ of, skeleton, isPage = false, back, children }: Props<T>) {
  const page = { isPage, back };
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.status === 'error') return <Refused error={of.error} onRetry={() => void of.refetch()} {...page} />;
  if (of.fetchStatus === 'paused') return <Empty title={t('state.offline')} text={t('state.offline.text')} {...page} />;
  if (isPage) return <PageSkeleton />;
  return (
    <Box aria-busy="true">
      <span className="visually-hidden" role="status">
        {t('app.loading')}
      </span>
      {skeleton ?? <Skeleton h={160} />}
    </Box>
  );
}

/** What another try would not change. */
const HOPELESS: Readonly<Record<string, string>> = {
  forbidden: t('state.forbidden'),
  not_found: t('state.notFound'),
};
/** Of a page: that its address names nothing, or cannot name anything. */
const NOWHERE: readonly (string | null)[] = ['not_found', 'invalid_request'];
type RefusedProps = { error: unknown; onRetry?: () => void; isPage?: boolean; back?: Back };

/** A read that was refused or not answered. */
export function Refused({ error, onRetry, isPage = false, back }: RefusedProps) {
  const { title, text, note, code } = told(error);
  const isNowhere = isPage && NOWHERE.includes(code);
  const hopeless = HOPELESS[isNowhere ? 'not_found' : (code ?? '')];
  const heading = hopeless ?? (code === null ? title : t('state.error'));
  return (
    <Box role="alert">
      <Empty title={heading} text={isNowhere ? t('state.notFound.text') : text} isPage={isPage} back={back}>
        {note !== null && (
          <Text size="xs" c="dimmed">
            {note}
          </Text>
        )}
        {onRetry !== undefined && hopeless === undefined && (
          <Button variant="default" onClick={onRetry}>
            {t('state.retry')}
          </Button>
        )}
      </Empty>
    </Box>
  );
}

/** Code that threw, or that could not be loaded: offline, or because the app was replaced meanwhile. */
export function Broken({ error }: { error: unknown }) {
  const isOffline = !navigator.onLine;
  return (
    <Box role="alert">
      <Empty
        title={t(isOffline ? 'state.offline' : 'state.broken')}
        text={t(isOffline ? 'state.offline.page' : 'state.broken.text')}
        isPage
      >
        <Text size="xs" c="dimmed">
          {error instanceof Error ? error.message : String(error)}
        </Text>
        <Button variant="default" onClick={() => location.reload()}>
          {t('state.reload')}
        </Button>
      </Empty>
    </Box>
  );
}
