/** The beginning of a guided walk: where it leads, and as whom. */
import { Button, Container, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useConfig } from '../../app/config.ts';
import { useGo, usePathParam } from '../../app/navigate.ts';
import { NotFound } from '../../app/not-found.tsx';
import { DOORS, type Door, walkTo } from '../../app/tour.ts';
import { signInPath } from '../../auth/return-path.ts';
import { useMay, useSession } from '../../auth/session.ts';
import { roleText } from '../../messages/roles.en.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { QueryState } from '../../ui/states.tsx';
import { type Person, readPeople, signIn } from '../sign-in/people.ts';
import { Top } from '../welcome/top.tsx';
import { t } from './messages.en.ts';
import { ROLE_OF } from './stops.ts';
import classes from './tour.module.css';
import { useStops } from './use-stops.ts';

export default function Tour() {
  const name = usePathParam('door');
  const door = DOORS.find((one) => one === name);
  return (
    <Container size={680} px={0}>
      <Top />
      {door === undefined ? <NotFound /> : <Begin door={door} />}
    </Container>
  );
}

function Begin({ door }: { door: Door }) {
  const stops = useStops(door);
  return (
    <>
      <PageHeader title={t(`title.${door}`)} lead={t(`lead.${door}`)} />
      <QueryState of={stops}>
        {(found) => (
          <Stack gap="lg">
            <Start door={door} first={found[0]?.path ?? '/'} />
            <div>
              <Text component="h2" fw={600}>
                {t('stops.title')}
              </Text>
              <ol className={classes.stops}>
                {found.map(({ name }) => (
                  <li key={name}>
                    {t(`stop.${name}` as 'stop.market')}
                    <Text size="sm" c="dimmed">
                      {t(`stop.${name}.text` as 'stop.market.text')}
                    </Text>
                  </li>
                ))}
              </ol>
            </div>
          </Stack>
        )}
      </QueryState>
    </>
  );
}

function Start({ door, first }: { door: Door; first: string }) {
  const session = useSession();
  const isRight = useMay(ROLE_OF[door]);
  const config = useConfig();
  const go = useGo();
  const begin = () => {
    walkTo(door, 0);
    go(first);
  };
  if (isRight)
    return (
      <Group>
        <Button onClick={begin}>{t('who.start')}</Button>
      </Group>
    );
  if (config?.isLocal === true) return <AsSomebody door={door} begin={begin} />;
  if (session.status === 'in') return <Text>{t('who.other', { role: roleText(ROLE_OF[door]) })}</Text>;
  return (
    <Group>
      <LinkButton href={signInPath(`/tour/${door}`)}>{t('who.signIn')}</LinkButton>
    </Group>
  );
}

/** On one machine: as the first person of the demo who has the role and no other. */
function AsSomebody({ door, begin }: { door: Door; begin: () => void }) {
  const role = ROLE_OF[door];
  const people = useQuery({ queryKey: ['people'], queryFn: readPeople });
  const [error, setError] = useState<unknown>(null);
  return (
    <QueryState of={people}>
      {(all) => {
        const person = all.find(
          ({ memberships }: Person) => memberships.length === 1 && memberships[0]!.roles.join() === role,
        );
        if (person === undefined) return <Text>{t('who.none', { role: roleText(role) })}</Text>;
        return (
          <Stack gap="xs">
            <ProblemAlert error={error} />
            <Group>
              <Button onClick={() => void signIn(person.email).then(begin, setError)}>
                {t('who.as', { name: person.memberships[0]!.name, role: roleText(role) })}
              </Button>
            </Group>
            <Text size="sm" c="dimmed">
              {t('who.as.text', { email: person.email })}
            </Text>
          </Stack>
        );
      }}
    </QueryState>
  );
}
