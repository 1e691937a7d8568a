/** An entry's event, which opens what it is about where there is a page of it. */
import { Code } from '@mantine/core';
import { Go } from '../../ui/go.tsx';

export function EntryLink({ href, event }: { href: string | null; event: string }) {
  const code = <Code style={{ overflowWrap: 'anywhere' }}>{event}</Code>;
  return href === null ? code : <Go href={href}>{code}</Go>;
}
