/** All requests of a queue and round as a file; it says how far it has come. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { fetchFile, saveBlob } from '../../api/file.ts';
import { sayFailed } from '../../ui/toast.tsx';
import { t } from './messages.en.ts';

export function CsvButton({ queue, round }: { queue: string; round: number }) {
  const [pages, setPages] = useState<number | null>(null);
  const save = async () => {
    setPages(0);
    try {
      const query = { queue, round: String(round) };
      saveBlob(`requests-${queue}-${round}.csv`, await fetchFile('/v1/exports/requests/csv', query, setPages));
    } catch (error) {
      sayFailed(t('csv.failed'), error);
    }
    setPages(null);
  };
  return (
    <Button variant="default" onClick={() => void save()} disabled={pages !== null}>
      {pages === null ? t('csv') : t('csv.pages', { pages })}
    </Button>
  );
}
