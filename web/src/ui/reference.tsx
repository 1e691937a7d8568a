/** An id or a number that people copy and compare: in one piece as long as it is short. */
const WHOLE_TO = 28;

export const Reference = ({ children }: { children: string }) => (
  <span className={children.length <= WHOLE_TO ? 'number' : 'anywhere'}>{children}</span>
);

/** The last part of an id that begins with its owner: what tells it from the owner's others. */
export const ownPart = (id: string): string => id.split('.').at(-1) ?? id;
