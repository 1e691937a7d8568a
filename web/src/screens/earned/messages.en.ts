import { texts } from '../../messages/texts.ts';

export const t = texts({ title: 'Earned with {request}', charges: 'Charges' });
