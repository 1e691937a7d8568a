/** Takes a provider off one's requests of a queue at once, after saying what that means. */
import { useAct } from '../../api/use-api.ts';
import { texts } from '../../messages/texts.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useReputation } from './reputation.ts';

const t = texts({
  act: 'Take off',
  title: 'Take {name} off your requests of this queue?',
  text: 'It gets no more of them at once. What it holds now is taken back, and others take its share, or standing bids do at up to the ceiling. You still owe what you committed. You can allow it again any time.',
  done: '{name} is off your requests of this queue.',
});

export function TakeOff({ queue, provider }: { queue: string; provider: string }) {
  const name = useReputation(provider)?.name ?? provider;
  const withdraw = useAct('put', '/v1/queues/{queue}/withdrawals/{provider}');
  return (
    <ConfirmButton
      label={t('act')}
      size="compact-sm"
      variant="default"
      title={t('title', { name })}
      consequence={t('text')}
      act={async () => {
        await withdraw.mutateAsync({ path: { queue, provider } });
        sayDone(t('done', { name }));
      }}
    />
  );
}
