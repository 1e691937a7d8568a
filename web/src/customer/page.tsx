/** The whole page: the company's head, then the request, or why it cannot be shown. */
import { useQuery } from '@tanstack/react-query';
import { type CSSProperties, useEffect, useState } from 'react';
import { call, codeOf, TOKEN, type View } from './api.ts';
import { type Brand, brandOf } from './brand.ts';
import { Expired, NoAnswer, Offline, Unknown } from './gone.tsx';
import {
  firstLanguage,
  LanguageContext,
  rememberedLanguage,
  rememberLanguage,
  useLanguage,
  useText,
} from './language.ts';
import { Request } from './request.tsx';

const REFRESH_MS = 15_000;

export function CustomerPage() {
  const [language, setLanguage] = useState(() => firstLanguage(rememberedLanguage(), navigator.languages));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const other = language === 'en' ? 'de' : 'en';
  const toggle = () => {
    rememberLanguage(other);
    setLanguage(other);
  };
  return (
    <LanguageContext value={language}>
      <Page onLanguage={toggle} />
    </LanguageContext>
  );
}

function Page({ onLanguage }: { onLanguage: () => void }) {
  const t = useText();
  const view = useQuery({
    queryKey: ['request', TOKEN],
    queryFn: () => call('get', '/v1/links/{token}'),
    refetchInterval: REFRESH_MS,
    retryOnMount: false,
  });
  const company = view.data?.company;
  const title = company === undefined ? t('title') : t('title.of', { company });
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div className="page" style={colours(brandOf(view.data?.colour ?? null))}>
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <Head company={company} onLanguage={onLanguage} />
      <main id="main" tabIndex={-1}>
        <Offline />
        <Content view={view.data} error={view.error} onRetry={() => void view.refetch()} />
      </main>
      <footer>{t('footer')}</footer>
    </div>
  );
}

/** A link may end while it is looked at: then what was shown is not shown any longer. */
function Content({ view, error, onRetry }: { view: View | undefined; error: unknown; onRetry: () => void }) {
  const t = useText();
  const code = codeOf(error);
  if (code === 'link_expired') return <Expired />;
  if (code === 'not_found') return <Unknown />;
  if (view !== undefined) return <Request view={view} />;
  if (error !== null) return <NoAnswer onRetry={onRetry} />;
  return (
    <div aria-busy="true">
      <h1 className="hidden">{t('title')}</h1>
      <p role="status" className="hidden">
        {t('loading')}
      </p>
      <div className="card bone" />
      <div className="card bone tall" />
    </div>
  );
}

function Head({ company, onLanguage }: { company: string | undefined; onLanguage: () => void }) {
  const t = useText();
  const language = useLanguage();
  return (
    <header className="head">
      <div className="head-in">
        {company !== undefined && (
          <p className="company">
            <span className="monogram" aria-hidden="true">
              {Array.from(company)[0]?.toUpperCase()}
            </span>
            {company}
          </p>
        )}
        <button type="button" className="language" onClick={onLanguage} lang={language === 'en' ? 'de' : 'en'}>
          {t('language')}
        </button>
      </div>
    </header>
  );
}

const colours = (brand: Brand) =>
  ({
    '--brand': brand.ground,
    '--on-brand': brand.onGround,
    '--brand-light': brand.light,
    '--on-brand-light': brand.onLight,
    '--brand-dark': brand.dark,
    '--on-brand-dark': brand.onDark,
  }) as CSSProperties;
