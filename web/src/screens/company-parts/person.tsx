/** A person of one's own organisation, or a program's key. Only admins may list people: others see the id. */
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { texts } from '../../messages/texts.ts';

const t = texts({ key: 'API key {id}' });
const KEY = /^key:(.*)$/;

export function PersonName({ id }: { id: string }) {
  const mayList = useMay('company.admin');
  const members = useRead('/v1/members', {}, { enabled: mayList }).data?.items ?? [];
  const key = KEY.exec(id)?.[1];
  if (key !== undefined) return <span>{t('key', { id: key })}</span>;
  return <span title={id}>{members.find(({ user }) => user === id)?.email ?? id}</span>;
}
