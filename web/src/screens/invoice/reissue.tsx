/** A month billed anew after its invoice was taken back: asked for by one person, approved by another. */
import { ParleyProblem } from '../../../../shared/client/client.ts';
import type { Reissue } from '../../../../shared/invoice/reissue.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { Go } from '../../ui/go.tsx';
import { PersonName } from '../../ui/names.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { When } from '../../ui/values.tsx';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
import { SecondPerson } from '../money-parts/second-person.tsx';
import { REISSUE_STATES } from '../money-parts/states.ts';
import { t } from './market.messages.en.ts';

const REFRESH_MS = 10_000;

function useReissue(invoice: string) {
  const found = useRead('/v1/invoices/{invoice}/reissue', { path: { invoice } }, { refreshMs: REFRESH_MS });
  return { found, isNone: found.error instanceof ParleyProblem && found.error.status === 404 };
}

export function AskReissue({ invoice }: { invoice: string }) {
  const ask = useAct('post', '/v1/invoices/{invoice}/reissue');
  const { isNone } = useReissue(invoice);
  if (!isNone) return null;
  return (
    <ConfirmButton
      label={t('reissue')}
      title={t('reissue.title')}
      consequence={t('reissue.text')}
      act={() => ask.mutateAsync({ path: { invoice } })}
      done={t('reissue.asked')}
    />
  );
}

export function ReissueOf({ invoice }: { invoice: string }) {
  const { found, isNone } = useReissue(invoice);
  if (isNone) return null;
  return (
    <Section title={t('reissue.section')}>
      <QueryState of={found}>{(of) => <Standing of={of} />}</QueryState>
    </Section>
  );
}

function Standing({ of }: { of: Reissue }) {
  const approve = useAct('post', '/v1/invoices/{invoice}/reissue/approve');
  const isThere = of.state !== 'asked' && of.state !== 'nothing';
  return (
    <>
      <Facts>
        <Fact name={t('reissue.section')}>
          <StatusBadge state={of.state} states={REISSUE_STATES} />
        </Fact>
        <Fact name={t('reissue.invoice')}>
          {isThere ? <Go href={`/invoices/${of.invoice}`}>{of.invoice}</Go> : of.invoice}
        </Fact>
        <Fact name={t('reissue.by')}>
          <PersonName id={of.by} />
        </Fact>
        <Fact name={t('reissue.at')}>
          <When iso={of.askedAt} show="absolute" />
        </Fact>
        <Fact name={t('reissue.planned')}>
          <When iso={of.plannedFrom} show="absolute" />
        </Fact>
        {of.approvedBy !== null && (
          <Fact name={t('reissue.approvedBy')}>
            <PersonName id={of.approvedBy} />
          </Fact>
        )}
      </Facts>
      <br />
      {of.state === 'planned' && (
        <SecondPerson makers={[of.by]}>
          <ConfirmButton
            label={t('reissue.approve')}
            title={t('reissue.approve.title')}
            consequence={t('reissue.approve.text', { invoice: of.invoice })}
            act={() => approve.mutateAsync({ path: { invoice: of.of } })}
            done={t('reissue.approved')}
          />
        </SecondPerson>
      )}
    </>
  );
}
