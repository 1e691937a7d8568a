/** The desk: claims requests and works them, one after the other or side by side, by mouse or by keys. */
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { usePages } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useSignedIn } from '../../auth/session.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { ClaimAnswer, ClaimButtons, useClaim } from './claim.tsx';
import classes from './desk.module.css';
import { useDrafts } from './drafts.ts';
import { FinishDialog, type Way } from './finish.tsx';
import { Held } from './held.tsx';
import { KeysHelp } from './help.tsx';
import { Leaving } from './leaving.tsx';
import { t } from './messages.en.ts';
import { ownTurns, turnBeside } from './order.ts';
import { handAllBack, PresenceButton, usePresence } from './presence.tsx';
import { useKeys, useKeysOn } from './shortcuts.ts';
import { BeatRefusal, GoneTurn, Turn, usePlaybook } from './turn.tsx';
import { useHeartbeat } from './use-heartbeat.ts';

const REFRESH_MS = 20_000;

export default function Desk() {
  const { user } = useSignedIn();
  const queries = useQueryClient();
  const [{ turn: chosen }, setUrl] = useUrlState({ turn: '' });
  const [way, setWay] = useState<Way | null>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [areKeysOn, setKeysOn] = useKeysOn();
  const reply = useRef<HTMLTextAreaElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const drafts = useDrafts();
  const held = usePages('/v1/leases', { query: { state: 'held', limit: 100 } }, { refreshMs: REFRESH_MS });
  const turns = ownTurns(held.items, user);
  const open = turns.find(({ id }) => id === chosen) ?? (chosen === '' ? turns[0] : undefined);
  const show = (id: string) => setUrl({ turn: id });
  const presence = usePresence();
  const claiming = useClaim(show);
  const { idle, refusal } = useHeartbeat(turns, open?.id ?? '');
  const playbook = usePlaybook(open);
  const draft = open === undefined ? undefined : drafts.of(open.id);
  const write = (kind: 'message' | 'note') => {
    if (open === undefined) return;
    drafts.set(open.id, { kind });
    // After the key itself, or it would be typed.
    setTimeout(() => reply.current?.focus());
  };
  const step = (by: 1 | -1) => {
    const beside = turnBeside(turns, open?.id ?? '', by);
    if (beside !== undefined) show(beside.id);
  };
  const finish = (how: Way) => () => {
    if (open !== undefined) setWay(how);
  };
  useKeys(
    {
      claim: () => {
        if (presence.isOnline) claiming.claim();
      },
      next: () => step(1),
      previous: () => step(-1),
      reply: () => write('message'),
      note: () => write('note'),
      snippets: () => setTimeout(() => search.current?.focus()),
      resolve: finish('resolve'),
      escalate: finish('escalate'),
      decline: finish('decline'),
      help: () => setHelpOpen(true),
    },
    areKeysOn,
  );
  const reload = () => void queries.invalidateQueries();
  const done = () => {
    setWay(null);
    if (open === undefined) return;
    drafts.forget(open.id);
    const next = turnBeside(turns, open.id, 1);
    setUrl({ turn: next === undefined || next.id === open.id ? '' : next.id });
  };
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <>
            <KeysHelp isOpen={isHelpOpen} setOpen={setHelpOpen} isOn={areKeysOn} setOn={setKeysOn} />
            <PresenceButton presence={presence} held={turns.length} reload={reload} />
          </>
        }
      />
      <div className={classes.claim}>
        <ClaimButtons claiming={claiming} isDisabled={!presence.isOnline} />
        <ClaimAnswer claiming={claiming} />
      </div>
      <BeatRefusal refusal={refusal} />
      <QueryState of={held.query}>
        {() =>
          turns.length === 0 && chosen === '' ? (
            <Empty title={t('empty.title')} text={t('empty.text')} />
          ) : (
            <div className={classes.desk}>
              <Held
                turns={turns}
                open={open?.id ?? ''}
                idle={idle}
                others={held.items.length - turns.length}
                onOpen={show}
              />
              {open === undefined || draft === undefined ? (
                <GoneTurn lease={chosen} />
              ) : (
                <Turn
                  key={open.id}
                  turn={open}
                  isIdle={idle.has(open.id)}
                  playbook={playbook}
                  draft={draft}
                  setDraft={(change) => drafts.set(open.id, change)}
                  reply={reply}
                  search={search}
                  onFinish={setWay}
                />
              )}
            </div>
          )
        }
      </QueryState>
      {open !== undefined && (
        <FinishDialog lease={open.id} way={way} playbook={playbook} onClose={() => setWay(null)} onDone={done} />
      )}
      <Leaving turns={turns} handBack={handAllBack} />
    </>
  );
}
