/** ⌘K, Ctrl-K or `/`: goes to a page by its name. The search itself loads when it is first wanted. */
import { ActionIcon } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '../messages/en.ts';

const Search = lazy(() => import('./search.tsx'));

export function SearchButton() {
  const [asked, setAsked] = useState(0);
  const ask = () => setAsked((times) => times + 1);
  useHotkeys([
    ['mod+K', ask],
    ['/', ask],
  ]);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        onClick={ask}
        aria-label={t('app.search')}
        aria-keyshortcuts="Control+K Meta+K /"
        title={t('app.search.keys')}
      >
        <IconSearch size={18} stroke={1.6} />
      </ActionIcon>
      {asked > 0 && (
        <Suspense fallback={null}>
          <Search asked={asked} />
        </Suspense>
      )}
    </>
  );
}
