/** Something the customer does: done, it is said, and everything shown is read again. */
import { useMutation, useQueryClient } from '@tanstack/react-query';

export function useAct<Input = void, Output = unknown>(
  act: (input: Input) => Promise<Output>,
  done?: (output: Output) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (output) => done?.(output),
    // Also after a refusal: it tells that what is shown is old.
    onSettled: () => queries.invalidateQueries(),
  });
}
