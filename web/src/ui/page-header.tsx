/** The head of a screen: its one h1, which takes the focus when somebody comes from another page, and the window's title. */
import { Box, Group, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { t } from '../messages/en.ts';
import { Go } from './go.tsx';

/** The address of the page shown last: the first one, and one that is shown anew, leave the focus where it is. */
let shownAt: string | null = null;

type Props = {
  title: string;
  /** One sentence under it, where it helps. */
  lead?: ReactNode;
  /** The way up: `{ href: '/queues', title: 'Queues' }`. */
  back?: { href: string; title: string };
  /** A badge beside the title. */
  status?: ReactNode;
  /** Buttons, the main one last. */
  actions?: ReactNode;
};

export function PageHeader({ title, lead, back, status, actions }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { pathname } = window.location;
    if (shownAt !== null && shownAt !== pathname) heading.current?.focus({ preventScroll: true });
    shownAt = pathname;
  }, []);
  useTitle(title);
  return (
    <Box component="header" mb="lg">
      {back !== undefined && (
        <Text size="sm" mb={4} className="no-print">
          <Go href={back.href}>← {back.title}</Go>
        </Text>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box maw={760}>
          <Group gap="sm">
            {/* Mantine's Title would do; a plain h1 takes a ref and the focus without ado. */}
            <h1 ref={heading} tabIndex={-1} style={H1}>
              {title}
            </h1>
            {status}
          </Group>
          {lead !== undefined && (
            <Text c="dimmed" mt={4}>
              {lead}
            </Text>
          )}
        </Box>
        {actions !== undefined && (
          <Group gap="xs" className="no-print">
            {actions}
          </Group>
        )}
      </Group>
    </Box>
  );
}

const H1 = {
  margin: 0,
  fontSize: 'var(--mantine-h1-font-size)',
  lineHeight: 'var(--mantine-h1-line-height)',
  fontWeight: 'var(--mantine-h1-font-weight)',
  overflowWrap: 'anywhere',
} as const;

/** The window's title, for pages with a head of their own. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title]);
}
