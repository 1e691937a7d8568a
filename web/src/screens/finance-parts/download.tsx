/** A button that puts a file of the market together, page by page, and hands it to the person. */
import { Button, type ButtonProps } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { fetchFile, saveBlob } from '../../api/file.ts';
import { sayFailed } from '../../ui/toast.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
import { t } from './messages.en.ts';

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
          leftSection={<IconDownload size={16} />}
          loading={pages !== null}
          onClick={() => void make()}
          {...(title === undefined ? {} : { title, 'aria-label': title })}
        >
          {label}
        </Button>
      </WhyNot>
      <span className="visually-hidden" role="status">
        {pages === null ? '' : t('download.making', { count: pages })}
      </span>
    </>
  );
}
