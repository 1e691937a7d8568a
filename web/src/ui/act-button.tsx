/**
 * A button that does something at once. That it was done, or why not, is said at the edge, also where the button has gone
 * with what it did away with.
 */
import { Button, type ButtonProps } from '@mantine/core';
import { useState } from 'react';
import { sayDone, sayFailed } from './toast.tsx';
import { WhyNot } from './why-not.tsx';

type Props<T> = Omit<ButtonProps, 'loading' | 'children' | 'disabled'> & {
  label: string;
  /** Why it cannot be pressed now; null or left out: it can. */
  whyNot?: string | null;
  act: () => Promise<T>;
  /** What is said when it is done; nothing where one sees it, such as a page that opens. */
  done?: string | ((result: T) => string);
  /** What is said when it is not; `label` where left out. */
  failed?: string;
};

export function ActButton<T>({ label, whyNot = null, act, done, failed = label, ...button }: Props<T>) {
  const [isActing, setActing] = useState(false);
  const run = async () => {
    setActing(true);
    try {
      const result = await act();
      if (done !== undefined) sayDone(typeof done === 'string' ? done : done(result));
    } catch (error) {
      sayFailed(failed, error);
    }
    setActing(false);
  };
  return (
    <WhyNot why={whyNot}>
      <Button {...button} loading={isActing} onClick={() => void run()}>
        {label}
      </Button>
    </WhyNot>
  );
}
