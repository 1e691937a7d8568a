/** Who is meant by an id. A name that is not told, or not known yet, leaves the id. */
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
  const shown = name ?? id.replace(KEY, '');
  return <span title={id}>{KEY.test(id) ? t('name.key', { name: shown }) : shown}</span>;
}

export function OrganisationName({ id }: { id: string | null }) {
  const name = useName('organisations', id);
  if (id === null) return <span>{t('value.none')}</span>;
  return <span title={id}>{name ?? id}</span>;
}
