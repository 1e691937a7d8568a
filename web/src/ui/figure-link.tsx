/** A number that opens to where it comes from. `what` says what opens, for who hears the page instead of seeing it. */
import type { ReactNode } from 'react';
import classes from './go.module.css';
import { Go } from './go.tsx';

export function FigureLink({ href, what, children }: { href: string; what: string; children: ReactNode }) {
  return (
    <Go href={href} className={classes.figure} title={what}>
      {children}
      <span className="visually-hidden">, {what}</span>
    </Go>
  );
}
