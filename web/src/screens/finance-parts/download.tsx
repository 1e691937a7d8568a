/** A button that puts a file of the market together, page by page, and hands it to the person. */
import { Button, type ButtonProps, Loader } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { fetchFile, saveBlob } from '../../api/file.ts';
import { sayFailed } from '../../ui/toast.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
import { t } from './messages.en.ts';

const FEW_PAGES = 3;
/** Nobody listens to every page. */
const SAID_EVERY = 10;

type Props = Pick<ButtonProps, 'variant' | 'size'> & {
  label: string;
  /** What it gets, where the label is short. */
  title?: string;
  /** Why it cannot be had now; null or left out: it can. */
  whyNot?: string | null;
  /** The name it is saved under. */
  name: string;
  path: string;
  query?: Readonly<Record<string, string>>;
};

export function DownloadButton({
  label,
  title,
  name,
  path,
  query = {},
  variant = 'default',
  whyNot = null,
  ...button
}: Props) {
  const [pages, setPages] = useState<number | null>(null);
  const make = async () => {
    if (pages !== null) return;
    setPages(0);
    try {
      saveBlob(name, await fetchFile(path, query, setPages));
    } catch (error) {
      sayFailed(t('download.failed'), error);
    }
    setPages(null);
  };
  return (
    <>
      <WhyNot why={whyNot}>
        <Button
          {...button}
          variant={variant}
          leftSection={pages === null ? <IconDownload size={16} /> : <Loader size={16} color="currentColor" />}
          aria-disabled={pages !== null}
          onClick={() => void make()}
          {...(title === undefined ? {} : { title, 'aria-label': title })}
        >
          {/* A short file is there before its pages could be counted. */}
          {pages === null || pages < FEW_PAGES ? label : t('download.pages', { count: pages })}
        </Button>
      </WhyNot>
      <span className="visually-hidden" role="status">
        {pages === null ? '' : t('download.making', { count: Math.max(1, pages - (pages % SAID_EVERY)) })}
      </span>
    </>
  );
}
