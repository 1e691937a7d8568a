/** A playbook as whoever works a request sees it. */
import { Anchor, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PlaybookContents } from '../../../../shared/playbook/playbook.ts';
import { MarkedText } from '../../ui/marked-text.tsx';
import { t } from './messages.en.ts';

export function AgentView({ of }: { of: PlaybookContents }) {
  const { sections, actions, snippets, escalations, links } = of;
  if ([sections, actions, snippets, escalations, links].every((list) => list.length === 0))
    return <Text c="dimmed">{t('preview.empty')}</Text>;
  return (
    <Stack gap="lg">
      {sections.length > 0 && (
        <Part title={t('preview.sections')}>
          {sections.map(({ title, markdown }) => (
            <div key={title}>
              <Text fw={600}>{title}</Text>
              <MarkedText>{markdown}</MarkedText>
            </div>
          ))}
        </Part>
      )}
      {actions.length > 0 && (
        <Part title={t('preview.actions')}>
          {actions.map(({ name, rule }) => (
            <Named key={name} name={name} text={rule} />
          ))}
        </Part>
      )}
      {escalations.length > 0 && (
        <Part title={t('preview.escalations')}>
          {escalations.map(({ when, to }) => (
            <Named key={when} name={when} text={`→ ${to}`} />
          ))}
        </Part>
      )}
      {snippets.length > 0 && (
        <Part title={t('preview.snippets')}>
          {snippets.map(({ name, text }) => (
            <Named key={name} name={name} text={text} />
          ))}
        </Part>
      )}
      {links.length > 0 && (
        <Part title={t('preview.links')}>
          {links.map(({ title, url }) => (
            <Anchor key={url} href={url} target="_blank" rel="noreferrer" underline="always">
              {title}
            </Anchor>
          ))}
        </Part>
      )}
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Text size="xs" tt="uppercase" c="dimmed" fw={600} mb={4}>
        {title}
      </Text>
      <Stack gap="xs">{children}</Stack>
    </section>
  );
}

function Named({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <Text fw={600}>{name}</Text>
      <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</Text>
    </div>
  );
}
