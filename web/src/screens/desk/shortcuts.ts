/** The desk's keys. Single letters can be turned off: some people's speech input or tremor would press them by mistake. */
import { useHotkeys, useLocalStorage } from '@mantine/hooks';
import { t } from './messages.en.ts';

export const KEYS = {
  claim: 'C',
  next: 'J',
  previous: 'K',
  reply: 'R',
  note: 'N',
  snippets: 'P',
  resolve: 'S',
  escalate: 'E',
  decline: 'D',
  help: '?',
} as const;
export type Key = keyof typeof KEYS;

export const keyText = (key: Key): string => t(`key.${key}`);

/** Whether single letters act; kept by the browser. */
export function useKeysOn(): readonly [boolean, (isOn: boolean) => void] {
  const [isOn, set] = useLocalStorage({ key: 'parley.desk-keys', defaultValue: true, getInitialValueInEffect: false });
  return [isOn, set];
}

/** Runs what a key stands for, unless somebody is typing or a dialog is open. */
export function useKeys(actions: Readonly<Partial<Record<Key, () => void>>>, isOn: boolean): void {
  const bound = Object.entries(actions).map(([key, act]): [string, (event: KeyboardEvent) => void] => [
    KEYS[key as Key] === '?' ? 'shift+?' : KEYS[key as Key],
    () => {
      if (document.querySelector('[role="dialog"]') === null) act();
    },
  ]);
  useHotkeys(isOn ? bound : []);
}
