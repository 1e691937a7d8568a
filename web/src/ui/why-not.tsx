/** A button that does nothing now, and says why: to who points at it or comes to it by keyboard, and to who hears the page. */
import { Tooltip } from '@mantine/core';
import { cloneElement, type MouseEvent, type ReactElement } from 'react';

type Off = {
  'data-disabled'?: true;
  'aria-disabled'?: true;
  'aria-description'?: string;
  onClick?: (event: MouseEvent<HTMLElement>) => void;
};

/** `why` is null while the button works. */
export function WhyNot({ why, children }: { why: string | null; children: ReactElement<Off> }) {
  if (why === null) return children;
  return (
    <Tooltip label={why} multiline maw={280} withinPortal={false}>
      {cloneElement(children, {
        'data-disabled': true,
        'aria-disabled': true,
        'aria-description': why,
        // Also of a button that sends its form.
        onClick: (event) => event.preventDefault(),
      })}
    </Tooltip>
  );
}
