/** Takes a provider off one's requests of a queue at once, after saying what that means. */
import { useAct } from '../../api/use-api.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { t } from './messages.en.ts';
import { useReputation } from './reputation.ts';

export function TakeOff({ queue, provider }: { queue: string; provider: string }) {
  const name = useReputation(provider)?.name ?? provider;
  const withdraw = useAct('put', '/v1/queues/{queue}/withdrawals/{provider}');
  return (
    <ConfirmButton
      label={t('takeOff.act')}
      size="compact-sm"
      variant="default"
      title={t('takeOff.title', { name })}
      consequence={t('takeOff.text')}
      act={() => withdraw.mutateAsync({ path: { queue, provider } })}
      done={t('takeOff.done', { name })}
    />
  );
}
