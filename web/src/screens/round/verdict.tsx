/** In a word, whether a round's proof holds, as this browser found it. */
import { Button, Loader, Text } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import type { Check } from '../../../../shared/market/round-file/check.ts';
import { t } from './messages.en.ts';
import type { useProof } from './proof.ts';
import classes from './round.module.css';

const count = (checks: readonly Check[], outcome: Check['outcome']): number =>
  checks.filter((check) => check.outcome === outcome).length;

export function Verdict({ of: { query, step } }: { of: ReturnType<typeof useProof> }) {
  if (query.data === undefined && query.status !== 'error')
    return (
      <div className={classes.verdict} role="status">
        <Loader size="xs" aria-hidden="true" />
        <Text size="sm">{t(`proof.step.${step}`)}</Text>
      </div>
    );
  if (query.data === undefined)
    return (
      <div className={classes.verdict} role="alert">
        <Text size="sm">
          {t('proof.failed')}: {query.error?.message}
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => void query.refetch()}>
          {t('proof.again')}
        </Button>
      </div>
    );
  const { checks, own, isSound } = query.data;
  const all = [...checks, ...own];
  return (
    <div className={classes.verdict} role="status">
      {isSound ? (
        <IconShieldCheck className="good" aria-hidden="true" />
      ) : (
        <IconAlertTriangle className="bad" aria-hidden="true" />
      )}
      <div>
        <Text fw={600} className={isSound ? 'good' : 'bad'}>
          {t(isSound ? 'proof.sound' : 'proof.broken')}
        </Text>
        <Text size="sm" c="dimmed">
          {isSound
            ? t('proof.sound.text', { passed: count(all, 'passed'), other: count(checks, 'not possible') })
            : t('proof.broken.text', { failed: count(all, 'failed') })}
        </Text>
      </div>
    </div>
  );
}
