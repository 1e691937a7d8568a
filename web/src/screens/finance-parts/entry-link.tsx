/** What an entry is about, in short; it opens where there is a page of it. The whole of its event stands behind it. */
import { Go } from '../../ui/go.tsx';
import { eventText } from './entry-text.ts';

export function EntryLink({ href, event }: { href: string | null; event: string }) {
  const text = (
    <span className="reference" title={event}>
      {eventText(event)}
    </span>
  );
  return href === null ? text : <Go href={href}>{text}</Go>;
}
