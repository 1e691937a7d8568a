/** Who is meant by an id. Where a name is not told: what kind of somebody it is, with the end of the id. */
import { useName } from '../api/names.ts';
import { t } from '../messages/en.ts';

const KEY = /^key:/;
/** Where nobody did it. */
const ITSELF = 'schedule';

/** A person of one's own organisation by the e-mail address, a program by the name of its key. */
export function PersonName({ id }: { id: string | null }) {
  const name = useName('people', id === ITSELF ? null : id);
  if (id === ITSELF) return <span>{t('name.itself')}</span>;
  if (id === null) return <span>{t('value.none')}</span>;
  if (KEY.test(id)) return <span title={id}>{t('name.key', { name: name ?? tailOf(id) })}</span>;
  // An address says who it is; anything else is an id, of somebody who left or is another organisation's.
  const isUnknown = name === null && !id.includes('@');
  return <span title={id}>{isUnknown ? t('name.somebody', { tail: tailOf(id) }) : (name ?? id)}</span>;
}

/** Companies are known by name to themselves and to the market; others tell them apart by the end of the id. */
export function OrganisationName({ id }: { id: string | null }) {
  const name = useName('organisations', id);
  if (id === null) return <span>{t('value.none')}</span>;
  if (name === null)
    return (
      <span title={id}>{t(id.startsWith('co_') ? 'name.company' : 'name.organisation', { tail: tailOf(id) })}</span>
    );
  return <span title={id}>{name ?? id}</span>;
}

const TAIL = 5;
const tailOf = (id: string): string => id.slice(-TAIL);
