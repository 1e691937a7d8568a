/** The company's playbook at hand: snippets to put into the answer, what one may do, when to hand on, how to answer. */
import { Accordion, Anchor, List, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type RefObject, useState } from 'react';
import type { AgentPlaybook } from '../../../../shared/playbook/playbook.ts';
import { MarkedText } from '../../ui/marked-text.tsx';
import classes from './desk.module.css';
import { t } from './messages.en.ts';
import { matching } from './snippets.ts';

type Props = {
  playbook: AgentPlaybook;
  onInsert: (text: string) => void;
  search: RefObject<HTMLInputElement | null>;
};

export function PlaybookParts({ playbook, onInsert, search }: Props) {
  const { sections, actions, snippets, escalations, links, version } = playbook;
  return (
    <Stack gap="md">
      <Text size="xs" c="dimmed">
        {t('book.version', { version })}
      </Text>
      {snippets.length > 0 && <Snippets snippets={snippets} onInsert={onInsert} search={search} />}
      {actions.length > 0 && (
        <section>
          <h3 className={classes.part}>{t('book.actions')}</h3>
          <dl className={classes.rules}>
            {actions.map(({ name, rule }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{rule}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {sections.length > 0 && (
        <section>
          <h3 className={classes.part}>{t('book.guide')}</h3>
          <Accordion multiple defaultValue={[sections[0]!.title]} variant="separated">
            {sections.map(({ title, markdown }) => (
              <Accordion.Item key={title} value={title}>
                <Accordion.Control>{title}</Accordion.Control>
                <Accordion.Panel>
                  <MarkedText markdown={markdown} />
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        </section>
      )}
      {escalations.length > 0 && (
        <section>
          <h3 className={classes.part}>{t('book.escalations')}</h3>
          <List size="sm">
            {escalations.map(({ when, to }) => (
              <List.Item key={when}>{t('book.escalation', { when, to })}</List.Item>
            ))}
          </List>
        </section>
      )}
      {links.length > 0 && (
        <section>
          <h3 className={classes.part}>{t('book.links')}</h3>
          <List size="sm">
            {links.map(({ title, url }) => (
              <List.Item key={url}>
                <Anchor href={url} target="_blank" rel="noreferrer" underline="always" size="sm">
                  {title}
                </Anchor>
              </List.Item>
            ))}
          </List>
        </section>
      )}
    </Stack>
  );
}

function Snippets({
  snippets,
  onInsert,
  search,
}: { snippets: AgentPlaybook['snippets'] } & Pick<Props, 'onInsert' | 'search'>) {
  const [words, setWords] = useState('');
  const found = matching(snippets, words);
  return (
    <section>
      <h3 className={classes.part}>{t('book.snippets')}</h3>
      <TextInput
        ref={search}
        size="xs"
        mb={6}
        aria-label={t('book.search')}
        placeholder={t('book.search')}
        leftSection={<IconSearch size={14} />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = found[0];
          if (event.key !== 'Enter' || first === undefined) return;
          event.preventDefault();
          onInsert(first.text);
          setWords('');
        }}
      />
      {found.length === 0 && (
        <Text size="sm" c="dimmed" role="status">
          {t('book.noSnippet')}
        </Text>
      )}
      <ul className={classes.list}>
        {found.map(({ name, text }) => (
          <li key={name}>
            <UnstyledButton
              className={classes.snippet}
              aria-label={t('book.insert', { name })}
              onClick={() => onInsert(text)}
            >
              <Text size="sm" fw={600}>
                {name}
              </Text>
              <Text size="xs" c="dimmed" lineClamp={2}>
                {text}
              </Text>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
