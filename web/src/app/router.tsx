/** The router: one route for each screen, the frame around all of them. */
import { createRootRoute, createRoute, createRouter, type RouterHistory } from '@tanstack/react-router';
import { Broken } from '../ui/states.tsx';
import classes from './frame.module.css';
import { Frame } from './frame.tsx';
import { Guard } from './guard.tsx';
import { NotFound } from './not-found.tsx';
import { screens } from './screens.ts';

const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  // Of what fails in the frame itself; a screen that fails leaves the frame where it is.
  errorComponent: ({ error }) => (
    <main className={classes.bare} id="main">
      <Broken error={error} />
    </main>
  ),
});

const routes = screens.map((screen) =>
  createRoute({
    getParentRoute: () => root,
    path: screen.path,
    component: () => <Guard screen={screen} key={screen.path} />,
    errorComponent: Broken,
    staticData: { screen },
  }),
);

/** Searches stay plain text: `?state=assumed`, nothing quoted. */
const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text));
const stringifySearch = (search: Record<string, unknown>): string => {
  const text = new URLSearchParams(
    Object.entries(search).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  ).toString();
  return text === '' ? '' : `?${text}`;
};

/** A router over the window's addresses, or over a history of its own. */
export const newRouter = (history?: RouterHistory) =>
  createRouter({
    routeTree: root.addChildren(routes),
    parseSearch,
    stringifySearch,
    // Drawn without a window there is nothing to scroll, and its script would not be let in.
    scrollRestoration: history === undefined,
    ...(history === undefined ? {} : { history }),
  });
