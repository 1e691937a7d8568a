/** The app as whoever comes for the first time sees it, drawn without a browser. Used by the build alone. */
import { createMemoryHistory } from '@tanstack/react-router';
import { prerender } from 'react-dom/static';
import { App, ready } from './app/app.tsx';
import { newRouter } from './app/router.tsx';
import { start } from './auth/session.ts';

/** The markup at a path, with whatever needs an answer still loading. Style elements carry `nonce`. */
export async function draw(path: string, nonce: string): Promise<string> {
  await start();
  const router = newRouter(createMemoryHistory({ initialEntries: [path] }));
  await ready(router);
  // In one piece: what is revealed later is revealed by scripts inside the page, which its policy does not let in.
  const drawn = await prerender(<App router={router} nonce={nonce} />, {
    progressiveChunkSize: Number.MAX_SAFE_INTEGER,
  });
  return new Response(drawn.prelude).text();
}
