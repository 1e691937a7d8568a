/** The end of a company's account: asked for by one person, approved by another. */
import { Group, List, Textarea } from '@mantine/core';
import { type AccountEnd, AccountEndInput } from '../../../../shared/account-end/account-end.ts';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { When } from '../../ui/values.tsx';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
import { Acted } from '../money-parts/acted.tsx';
import { SecondPerson } from '../money-parts/second-person.tsx';
import { END_STATES } from '../money-parts/states.ts';
import { t } from './messages.en.ts';

const REFRESH_MS = 10_000;

export function EndOfAccount({ company }: { company: string }) {
  const path = { organisation: company };
  const end = useRead('/v1/organisations/{organisation}/account-end', { path }, { refreshMs: REFRESH_MS });
  const isNone = end.error instanceof ParleyProblem && end.error.status === 404;
  const may = useMay('market.finance');
  return (
    <Section title={t('end')} lead={t('end.lead')}>
      {isNone ? (
        may && <Ask company={company} />
      ) : (
        <QueryState of={end}>
          {(of) => (
            <>
              <Standing of={of} />
              {of.state === 'withdrawn' && may && <Ask company={company} />}
              {of.state === 'asked' && <Decide of={of} />}
            </>
          )}
        </QueryState>
      )}
    </Section>
  );
}

function Standing({ of }: { of: AccountEnd }) {
  return (
    <>
      <Facts>
        <Fact name={t('end')}>
          <StatusBadge state={of.state} states={END_STATES} />
        </Fact>
        <Fact name={t('end.reason')}>{of.reason}</Fact>
        <Acted by={t('end.by')} at={t('end.askedAt')} who={of.by} when={of.askedAt} />
        <Acted by={t('end.approvedBy')} at={t('end.approvedAt')} who={of.approvedBy} when={of.approvedAt} />
        {of.endedAt !== null && (
          <Fact name={t('end.endedAt')}>
            <When iso={of.endedAt} show="absolute" />
          </Fact>
        )}
        {of.waitsFor.length > 0 && (
          <Fact name={t('end.waits')}>
            <List size="sm">
              {of.waitsFor.map(({ currency, what }) => (
                <List.Item key={`${currency} ${what}`}>
                  {currency === null ? '' : `${currency}: `}
                  {what}
                </List.Item>
              ))}
            </List>
          </Fact>
        )}
      </Facts>
      <br />
    </>
  );
}

function Ask({ company }: { company: string }) {
  const ask = useAct('post', '/v1/organisations/{organisation}/account-end');
  const form = useForm({ initial: { reason: '' }, schema: AccountEndInput });
  return (
    <FormDialog
      label={t('end.ask')}
      variant="default"
      color="red.9"
      title={t('end.ask.title')}
      lead={t('end.ask.lead')}
      form={form}
      send={async (body) => {
        await ask.mutateAsync({ path: { organisation: company }, body });
        sayDone(t('end.asked'));
      }}
    >
      <Textarea
        {...form.text('reason')}
        label={t('end.reason')}
        description={t('end.reason.hint')}
        autosize
        minRows={2}
        maxLength={500}
      />
    </FormDialog>
  );
}

function Decide({ of: { company, by } }: { of: AccountEnd }) {
  const approve = useAct('post', '/v1/organisations/{organisation}/account-end/approve');
  const withdraw = useAct('post', '/v1/organisations/{organisation}/account-end/withdraw');
  const path = { organisation: company };
  return (
    <Group gap="xs">
      <SecondPerson makers={[by]}>
        <ConfirmButton
          label={t('end.approve')}
          color="red.9"
          title={t('end.approve.title')}
          consequence={t('end.approve.text')}
          act={() => approve.mutateAsync({ path })}
          done={t('end.approved')}
        />
      </SecondPerson>
      {useMay('market.finance') && (
        <ConfirmButton
          label={t('end.withdraw')}
          variant="default"
          title={t('end.withdraw.title')}
          consequence={t('end.withdraw.text')}
          act={() => withdraw.mutateAsync({ path })}
          done={t('end.withdrawn')}
        />
      )}
    </Group>
  );
}
