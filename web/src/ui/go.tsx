/** A link inside the app: a plain address, opened without loading the page again. Other keys and buttons do as in any link. */
import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { useGo } from '../app/navigate.ts';
import classes from './go.module.css';

type Props = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & {
  href: string;
  /** Told when it was followed here. */
  onGone?: () => void;
};

export function Go({ href, onGone, className, ...rest }: Props) {
  const go = useGo();
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
    onGone?.();
  };
  return <a {...rest} href={href} className={className ?? classes.link} onClick={follow} />;
}
