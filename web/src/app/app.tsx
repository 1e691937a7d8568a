/** The whole app around the address that its router shows. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { queries } from '../api/queries.ts';
import { theme, variables } from '../theme/theme.ts';
import { preload } from './guard.tsx';
import type { newRouter } from './router.tsx';
import { screenOf } from './screen.ts';

type Router = ReturnType<typeof newRouter>;

/** The policy of the page lets in only style elements that carry `nonce`. */
export function App({ router, nonce }: { router: Router; nonce: string }) {
  return (
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
        deduplicateInlineStyles
      >
        <QueryClientProvider client={queries}>
          <Notifications position="bottom-right" />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>
  );
}

/** Comes back when the screen of the router's address can be shown at once, where everybody may see it. Never fails. */
export async function ready(router: Router): Promise<void> {
  await router.load();
  const screen = screenOf(router.state.matches);
  if (screen?.who === 'everybody') await preload(screen);
}
