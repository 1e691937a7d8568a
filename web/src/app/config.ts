/** Where the app runs, as a hook: undefined until it is read. */
import { useQuery } from '@tanstack/react-query';
import { readConfig } from '../auth/config.ts';

export const useConfig = () =>
  useQuery({ queryKey: ['config'], queryFn: readConfig, staleTime: Number.POSITIVE_INFINITY }).data;
