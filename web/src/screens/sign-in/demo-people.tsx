/** The people of the market on this machine; each signs in with one click. */
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { rolesText } from '../../messages/roles.en.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { QueryState } from '../../ui/states.tsx';
import classes from './demo-people.module.css';
import { t } from './messages.en.ts';
import { type Kind, type Person, readPeople, signIn } from './people.ts';

const KINDS: readonly Kind[] = ['company', 'provider', 'market'];
/** A box to find somebody helps from so many people on. */
const FIND_FROM = 8;

export function DemoPeople() {
  const people = useQuery({ queryKey: ['people'], queryFn: readPeople });
  const [find, setFind] = useState('');
  const [email, setEmail] = useState('');
  const [error, setError] = useState<unknown>(null);
  const go = (who: string) => {
    setError(null);
    signIn(who).catch(setError);
  };
  const typed = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() !== '') go(email.trim());
  };
  return (
    <>
      <Text>{t('lead')}</Text>
      <ProblemAlert error={error} />
      <QueryState of={people}>
        {(all) => (
          <>
            {all.length >= FIND_FROM && (
              <TextInput
                label={t('find')}
                type="search"
                value={find}
                onChange={(e) => setFind(e.currentTarget.value)}
              />
            )}
            {all.length === 0 && <Text c="dimmed">{t('none')}</Text>}
            <People people={found(all, find)} onChoose={go} />
            {all.length > 0 && found(all, find).length === 0 && <Text c="dimmed">{t('nobody')}</Text>}
          </>
        )}
      </QueryState>
      <form onSubmit={typed}>
        <Group align="flex-end" gap="xs">
          <TextInput
            label={t('email')}
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            className={classes.email}
          />
          <Button type="submit" variant="default">
            {t('email.go')}
          </Button>
        </Group>
      </form>
    </>
  );
}

function found(people: readonly Person[], find: string): Person[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return people.filter(({ email, memberships }) => {
    const text = [email, ...memberships.map(({ name, roles }) => `${name} ${rolesText(roles)}`)]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function People({ people, onChoose }: { people: readonly Person[]; onChoose: (email: string) => void }) {
  return KINDS.map((kind) => {
    const ofKind = people.filter(({ memberships }) => memberships[0]?.kind === kind);
    if (ofKind.length === 0) return null;
    return (
      <section key={kind}>
        <Text component="h2" size="sm" fw={600} c="dimmed" mb={4}>
          {t(`kind.${kind}`)}
        </Text>
        <ul className={classes.list}>
          {ofKind.map(({ email, memberships }) => (
            <li key={email}>
              <button type="button" className={classes.person} onClick={() => onChoose(email)}>
                <span className={classes.name}>{memberships.map(({ name }) => name).join(' · ')}</span>
                <span className={classes.roles}>
                  {rolesText([...new Set(memberships.flatMap(({ roles }) => roles))])}
                </span>
                <span className={classes.address}>{email}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    );
  });
}
