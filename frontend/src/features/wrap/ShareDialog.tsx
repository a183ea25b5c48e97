import { keepPreviousData, useQueryClient } from '@tanstack/react-query';
import { Share2 } from 'lucide-react';
import { useState } from 'react';
import { getListSharesQueryKey, useGetShownWrap, useListShares, useRevokeShare, useShareWrap } from '@/api/generated';
import type { Share, ShownWrapShowsItem } from '@/api/generated/model';
import { Button, IconButton } from '@/components/ui/Button';
import { Copyable } from '@/components/ui/Copyable';
import { Dialog } from '@/components/ui/Dialog';
import { Select } from '@/components/ui/Field';
import { MADE_ONCE, notDone, Skeleton, Trouble } from '@/components/ui/States';
import { wrapHues } from '@/lib/colours';
import { dateOf } from '@/lib/format';
import { spanLabel } from '@/lib/span';
import { useZone } from '@/lib/useZone';
import { useToasts } from '@/stores/toasts';
import { Card } from './Card';
import { CHOICES, choiceNames, DEFAULT_CHOICE, ENOUGH, LIFETIMES } from './choice';

interface ShareDialogProps {
  span: string;
  open: boolean;
  onClose: () => void;
}

/** A link to this wrap: what it shows, how long it opens, what it looks like, and the links there are already. */
export function ShareDialog({ span, open, onClose }: ShareDialogProps) {
  return (
    <Dialog open={open} title="A link to this wrap" onClose={onClose}>
      <Making span={span} />
    </Dialog>
  );
}

function Making({ span }: { span: string }) {
  const [shows, setShows] = useState<ShownWrapShowsItem[]>(DEFAULT_CHOICE);
  const [days, setDays] = useState(30);
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const refresh = () => client.invalidateQueries({ queryKey: getListSharesQueryKey() });
  const share = useShareWrap({
    mutation: { onSuccess: refresh, onError: (error) => say(notDone('The link could not be made.', error, MADE_ONCE), 'trouble') },
  });
  const toggle = (choice: ShownWrapShowsItem) => {
    share.reset();
    setShows((old) => CHOICES.map(({ value }) => value).filter((value) => (value === choice) !== old.includes(value)));
  };
  const enough = shows.some((choice) => ENOUGH.includes(choice));
  return (
    <>
      <Preview span={span} shows={enough ? shows : DEFAULT_CHOICE} />
      <fieldset className="mt-5">
        <legend className="mb-1 font-medium">It shows</legend>
        <div className="grid grid-cols-2 gap-x-4">
          {CHOICES.map(({ value, label }) => (
            <label key={value} className="flex min-h-11 items-center gap-3">
              <input
                type="checkbox"
                className="size-5 accent-[var(--signal)]"
                checked={shows.includes(value)}
                onChange={() => toggle(value)}
              />
              {label}
            </label>
          ))}
        </div>
        <p className="mt-1 text-muted">
          What is not ticked never leaves the server, and this link cannot be made to show it later. Plays of private sessions
          are left out of all of it, so its numbers may be smaller than your own.
        </p>
      </fieldset>
      <Select
        label="It opens for"
        className="mt-4"
        value={days}
        onChange={(event) => {
          share.reset();
          setDays(Number(event.target.value));
        }}
      >
        {LIFETIMES.map(({ days: value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      {share.data ? (
        <Made made={share.data} />
      ) : (
        <Button
          look="signal"
          className="mt-5 w-full"
          busy={share.isPending}
          disabled={!enough}
          onClick={() => share.mutate({ data: { span, days, shows } })}
        >
          {enough ? 'Make the link' : 'Tick something to show'}
        </Button>
      )}
      <Earlier span={span} onChange={() => void refresh()} hidden={share.data?.id} />
    </>
  );
}

/** The card that a chat will show under the link. */
function Preview({ span, shows }: { span: string; shows: ShownWrapShowsItem[] }) {
  const shown = useGetShownWrap(span, { shows }, { query: { placeholderData: keepPreviousData } });
  if (shown.isError && !shown.data) return <Trouble error={shown.error} what="draw the card" onRetry={() => void shown.refetch()} />;
  if (!shown.data) return <Skeleton className="aspect-[1200/630] w-full" />;
  return (
    <div className="wrap-colours" style={wrapHues(shown.data)}>
      <Card wrap={shown.data} shape="wide" className="w-full rounded-small" />
    </div>
  );
}

function Made({ made }: { made: Share }) {
  const zone = useZone();
  const address = linkTo(made.token);
  return (
    <div className="mt-5" role="status" ref={intoView}>
      <div className="flex items-center gap-1">
        <Copyable label="Share link" value={address} />
        {'share' in navigator && (
          <IconButton
            label="Send it"
            // cancelling the system's own sheet is no failure
            onClick={() => void navigator.share({ url: address, title: spanLabel(made.span) }).catch(() => undefined)}
          >
            <Share2 size={18} aria-hidden />
          </IconButton>
        )}
      </div>
      <p className="mt-1.5 text-muted">Whoever has it can look until {dateOf(made.expires_at, zone)}.</p>
    </div>
  );
}

const intoView = (element: HTMLElement | null) => element?.scrollIntoView?.({ block: 'nearest' });

function Earlier({ span, hidden, onChange }: { span: string; hidden: number | undefined; onChange: () => void }) {
  const zone = useZone();
  const say = useToasts((state) => state.say);
  const shares = useListShares();
  const revoke = useRevokeShare({
    mutation: { onSuccess: onChange, onError: (error) => say(notDone('The link still opens.', error), 'trouble') },
  });
  const own = shares.data?.items.filter((share) => share.span === span && share.id !== hidden) ?? [];
  if (own.length === 0) return null;
  return (
    <section className="mt-6 border-t border-line pt-4" aria-label="Links that open this wrap">
      <h3 className="font-medium">Links that open it already</h3>
      <ul>
        {own.map((share) => (
          <li key={share.id} className="flex items-center justify-between gap-3 py-1">
            <a href={linkTo(share.token)} className="min-w-0 hover:underline">
              {choiceNames(share.shows)}
              <span className="text-muted">
                , made on {dateOf(share.created_at, zone)}, until {dateOf(share.expires_at, zone)}
              </span>
            </a>
            <Button look="quiet" className="shrink-0" busy={revoke.isPending} onClick={() => revoke.mutate({ shareId: share.id })}>
              Take it back
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const linkTo = (token: string): string => `${window.location.origin}/s/${token}`;
