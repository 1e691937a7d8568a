/** The steps of one's way into the market, stage by stage. */
import { Text } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { shortName } from '../../../../shared/service-class/class-name.ts';
import type { DataOf } from '../../api/types.ts';
import { screens } from '../../app/screens.ts';
import { useRoles } from '../../auth/session.ts';
import { Go } from '../../ui/go.tsx';
import { useQueueList } from '../market-parts/queues.tsx';
import classes from './joining.module.css';
import { t } from './messages.en.ts';
import { placeOf } from './step-paths.ts';

type Checklist = DataOf<'get', '/v1/organisation/checklist'>;

export function Stages({ checklist: { stages, steps } }: { checklist: Checklist }) {
  return stages.map(({ stage, isReady }) => {
    const own = steps.filter(({ before }) => before === stage);
    const missing = own.filter(({ isDone, isRequired }) => isRequired && !isDone).length;
    return (
      <section key={stage} className={classes.stage}>
        <h2>
          {t(`stage.${stage}`)}
          <Text span size="sm" className={isReady ? 'good' : ''} {...(isReady ? {} : { c: 'dimmed' })}>
            {isReady || missing === 0 ? t('stage.ready') : t('stage.missing', { count: missing })}
          </Text>
        </h2>
        <ul className={classes.steps}>
          {own.map((step) => (
            <StepLine key={step.step} step={step} />
          ))}
        </ul>
      </section>
    );
  });
}

function StepLine({ step: { step, isDone, isRequired, queues } }: { step: Checklist['steps'][number] }) {
  const place = placeOf(step, screens, useRoles());
  const names = useQueueList();
  const nameOf = (id: string): string => {
    const queue = names.find((one) => one.id === id);
    return queue === undefined ? id : shortName(queue.serviceClass);
  };
  const word = t(isDone ? 'done' : isRequired ? 'required' : 'advised');
  return (
    <li>
      {isDone ? (
        <IconCircleCheckFilled size={20} className="good" aria-hidden="true" />
      ) : (
        <IconCircle size={20} stroke={1.5} aria-hidden="true" />
      )}
      <div>
        <Text fw={600}>
          {t(`step.${step}`)}{' '}
          <Text span size="sm" c="dimmed" fw={400}>
            {word}
          </Text>
        </Text>
        <Text size="sm" c="dimmed">
          {t(`step.${step}.text`)}
          {!isDone && queues.length > 0 && ` ${t('queues.missing', { queues: queues.map(nameOf).join(', ') })}`}
        </Text>
      </div>
      {place !== null && !isDone && (
        <Go href={place} aria-label={`${t('open')}: ${t(`step.${step}`)}`}>
          {t('open')}
        </Go>
      )}
    </li>
  );
}
