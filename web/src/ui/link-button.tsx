/** A link that looks like a button: for going somewhere to do something. */
import { Button, type ButtonProps } from '@mantine/core';
import type { MouseEvent, ReactNode } from 'react';
import { useGo } from '../app/navigate.ts';

type Props = Pick<ButtonProps, 'variant' | 'size' | 'leftSection' | 'rightSection' | 'fullWidth'> & {
  href: string;
  children: ReactNode;
};

export function LinkButton({ href, children, ...button }: Props) {
  const go = useGo();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
  };
  return (
    <Button component="a" href={href} onClick={follow} {...button}>
      {children}
    </Button>
  );
}
