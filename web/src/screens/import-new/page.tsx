/** Hands over a file of requests: choose it, say which column is what, and send it in parts. */
import { Button, Group, Progress, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { type FileFormat, type ImportEncoding, ImportInput } from '../../../../shared/import/import.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/use-api.ts';
import { useGo } from '../../app/navigate.ts';
import { countText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
import { useQueueList } from '../market-parts/queues.tsx';
import { ChooseFile } from './choose-file.tsx';
import { MappingChoice } from './mapping.tsx';
import { t } from './messages.en.ts';
import {
  type Chosen,
  chosenOf,
  DELIMITERS,
  type Delimiter,
  formatOf,
  type Head,
  LOOKED_BYTES,
  mappingFrom,
  readHead,
} from './preview.ts';
import { MOST_FILE_BYTES, sendParts } from './upload.ts';

const BYTES_PER_MB = 1024 * 1024;
const mb = (bytes: number): string => countText(Math.round((10 * bytes) / BYTES_PER_MB) / 10);

/** How the bytes of a file are to be read; what stands between columns is found where it is not said. */
type Layout = { encoding: ImportEncoding; delimiter: Delimiter | null };

const NAMES = ['comma', 'semicolon', 'tab', 'bar'] as const;

type Picked = { file: File; format: FileFormat; head: Head | null };

export default function ImportFile() {
  const [picked, setPicked] = useState<Picked | null>(null);
  const [layout, setLayout] = useState<Layout>({ encoding: 'utf-8', delimiter: null });
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const pick = async (file: File, { encoding, delimiter }: Layout) => {
    const format = formatOf(file.name);
    const bytes = new Uint8Array(await file.slice(0, LOOKED_BYTES).arrayBuffer());
    const head = format === 'csv' ? readHead(bytes, encoding, delimiter ?? undefined) : null;
    setPicked({ file, format, head });
    setChosen(head === null ? null : chosenOf(head.usual));
  };
  const readAs = (as: Layout) => {
    setLayout(as);
    if (picked !== null) void pick(picked.file, as);
  };
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} back={{ href: '/imports', title: t('back') }} />
      <Stack gap="lg">
        <ChooseFile file={picked?.file ?? null} onChoose={(file) => void pick(file, layout)} />
        {picked !== null && (
          <Prepared
            key={picked.file.name}
            picked={picked}
            layout={layout}
            onLayout={readAs}
            chosen={chosen}
            onChosen={setChosen}
          />
        )}
      </Stack>
    </>
  );
}

type PreparedProps = {
  picked: Picked;
  layout: Layout;
  onLayout: (layout: Layout) => void;
  chosen: Chosen | null;
  onChosen: (chosen: Chosen) => void;
};

function Prepared({ picked: { file, format, head }, layout, onLayout, chosen, onChosen }: PreparedProps) {
  const queues = useQueueList();
  const [name, setName] = useState(file.name.slice(0, 120));
  const [queue, setQueue] = useState('');
  const mapping = head !== null && chosen !== null ? mappingFrom(chosen, head.columns, head.usual) : undefined;
  const isTooLarge = file.size > MOST_FILE_BYTES;
  const isUnread = format === 'csv' && head === null;
  const input = {
    name: name.trim() === '' ? file.name.slice(0, 120) : name,
    format,
    encoding: layout.encoding,
    ...(format === 'csv' && layout.delimiter !== null ? { delimiter: layout.delimiter } : {}),
    ...(queue === '' ? {} : { queue }),
    ...(mapping === undefined ? {} : { mapping }),
  };
  return (
    <>
      {isTooLarge && <Wrong text={t('file.tooLarge', { mb: mb(file.size) })} />}
      {isUnread && <Wrong text={t('file.noHeader')} />}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
        <TextInput
          label={t('name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={120}
        />
        <Select
          label={t('queue')}
          data={[
            { value: '', label: t('queue.auto') },
            ...queues.map(({ id, serviceClass }) => ({ value: id, label: longName(serviceClass) })),
          ]}
          value={queue}
          onChange={(value) => setQueue(value ?? '')}
          allowDeselect={false}
        />
        <Select
          label={t('encoding')}
          data={(['utf-8', 'windows-1252'] as const).map((value) => ({ value, label: t(`encoding.${value}`) }))}
          value={layout.encoding}
          onChange={(value) => onLayout({ ...layout, encoding: (value ?? 'utf-8') as ImportEncoding })}
          allowDeselect={false}
        />
        {format === 'csv' && (
          <Select
            label={t('delimiter')}
            data={[
              { value: '', label: t('delimiter.found') },
              ...DELIMITERS.map((value, n) => ({ value, label: t(`delimiter.${NAMES[n]!}`) })),
            ]}
            value={layout.delimiter ?? ''}
            onChange={(value) => onLayout({ ...layout, delimiter: DELIMITERS.find((one) => one === value) ?? null })}
            allowDeselect={false}
          />
        )}
      </SimpleGrid>
      <Text size="sm" c="dimmed" mt="-md">
        {t('queue.text')}
      </Text>
      {head !== null && chosen !== null && mapping !== undefined && (
        <MappingChoice head={head} chosen={chosen} mapping={mapping} onChange={onChosen} />
      )}
      <Send file={file} input={input} isReady={!isTooLarge && !isUnread} />
    </>
  );
}

function Wrong({ text }: { text: string }) {
  return (
    <Text c="var(--parley-bad)" role="alert">
      {text}
    </Text>
  );
}

/** Makes the import, sends the parts, starts it, and goes to its page. */
function Send({ file, input, isReady }: { file: File; input: unknown; isReady: boolean }) {
  const go = useGo();
  const make = useAct('post', '/v1/imports');
  const [sent, setSent] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const control = useRef<AbortController | null>(null);
  const send = async () => {
    setError(null);
    const abort = new AbortController();
    control.current = abort;
    try {
      const made = await make.mutateAsync({ body: ImportInput.parse(input) });
      setSent(0);
      const parts = await sendParts(made.id, file, setSent, abort.signal);
      await call('post', '/v1/imports/{import}/start', { path: { import: made.id }, body: { parts } });
      go(`/imports/${made.id}`);
    } catch (refusal) {
      setSent(null);
      if (abort.signal.aborted) sayDone(t('stopped'));
      else setError(refusal);
    }
  };
  return (
    <Stack gap="xs">
      <ProblemAlert error={error} />
      {sent !== null && (
        <Group wrap="nowrap">
          <div style={{ flex: 1 }}>
            <Text size="sm" role="status">
              {t('sending', { sent: mb(sent), all: mb(file.size) })}
            </Text>
            <Progress
              value={file.size === 0 ? 100 : (100 * sent) / file.size}
              aria-label={t('sending', { sent: mb(sent), all: mb(file.size) })}
            />
          </div>
          <Button variant="default" size="xs" onClick={() => control.current?.abort()}>
            {t('stop')}
          </Button>
        </Group>
      )}
      <Group justify="flex-end">
        <WhyNot why={isReady ? null : t('start.not')}>
          <Button loading={make.isPending || sent !== null} onClick={() => void send()}>
            {t('start')}
          </Button>
        </WhyNot>
      </Group>
    </Stack>
  );
}
