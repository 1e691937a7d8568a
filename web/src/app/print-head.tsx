/** What stands at the head of paper in place of the header: whose it is, and when it was printed, in market time. */
import { useSession } from '../auth/session.ts';
import { t } from '../messages/en.ts';
import { absoluteText } from '../ui/format.ts';
import classes from './frame.module.css';
import { useNow } from './market-time.ts';
import { useOrganisationName } from './organisation.ts';

export function PrintHead() {
  const session = useSession();
  const name = useOrganisationName(session.status === 'in' ? session.organisation : null);
  const time = absoluteText(useNow());
  return (
    <div className={`only-print ${classes.paper}`}>
      <b>{t('app.name')}</b>
      <span>{name === '' ? time : t('print.head', { organisation: name, time })}</span>
    </div>
  );
}
