/** The name of an organisation, which opens to what everybody may know of it. */
import { Go } from './go.tsx';
import { OrganisationName } from './names.tsx';

export function OrganisationLink({ id }: { id: string | null }) {
  if (id === null) return <OrganisationName id={null} />;
  return (
    <Go href={`/organisations/${encodeURIComponent(id)}`}>
      <OrganisationName id={id} />
    </Go>
  );
}
