/** Why something did not work, in the customer's language. */
import { codeOf } from './api.ts';
import { useText } from './language.ts';
import { en } from './messages.en.ts';

export function Problem({ error, company = '' }: { error: unknown; company?: string }) {
  const t = useText();
  if (error === null || error === undefined) return null;
  const code = codeOf(error);
  const key = `problem.${code}`;
  const text =
    code === null ? t('problem.noAnswer') : key in en ? t(key as keyof typeof en, { company }) : t('problem.other');
  return (
    <p className="problem" role="alert">
      <strong>{t('problem.title')}.</strong> {text}
    </p>
  );
}
