/** The customer's page: a signed link, no login, the company's brand. An entry of its own, small for phones. */
import './customer.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { codeOf } from './api.ts';
import { CustomerPage } from './page.tsx';

const FRESH_MS = 5_000;

/** The client has repeated what it safely could; only a market that fails for a while is asked once more. */
const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: FRESH_MS, retry: (failures, error) => codeOf(error) === null && failures < 1 },
    mutations: { retry: false, networkMode: 'always' },
  },
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <CustomerPage />
    </QueryClientProvider>
  </StrictMode>,
);
