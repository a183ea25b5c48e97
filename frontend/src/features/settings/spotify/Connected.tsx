import { useQueryClient } from '@tanstack/react-query';
import { getReadSpotifyQueryKey, useChangeSpotify, useLookNow } from '@/api/generated';
import type { SpotifyConnection } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Switch } from '@/components/ui/Field';
import { notDone } from '@/components/ui/States';
import { ago, count, dateOf, duration, moment, plural } from '@/lib/format';
import { useToasts } from '@/stores/toasts';
import { ConsentClock } from './ConsentClock';
import { Disconnect } from './Disconnect';
import { ConnectButton } from './SpotifyPanel';

interface ConnectedProps {
  connection: SpotifyConnection;
  every: number;
  timeZone: string;
}

/** A link that stands: what it brought, when it looks next, how long the permission lasts, and the way out. */
export function Connected({ connection, every, timeZone }: ConnectedProps) {
  const needsYou = connection.state === 'reconnect';
  const isOff = connection.state === 'off';
  return (
    <div className="space-y-6">
      <div className="space-y-3">
        <p>
          {connection.account_name ? <span className="font-medium">{connection.account_name}</span> : 'Your account'}
          <span className="text-muted"> connected on {dateOf(connection.consented_at, timeZone)}</span>
        </p>
        {needsYou ? (
          <p>
            The permission you gave has ended, as it does after six months or when you take it back. Nothing was lost; new plays
            wait at Spotify, the last fifty of them.
          </p>
        ) : (
          <Looks connection={connection} every={every} timeZone={timeZone} />
        )}
        <Brought connection={connection} timeZone={timeZone} />
      </div>
      <ConsentClock connection={connection} timeZone={timeZone} />
      <div className="flex flex-wrap items-start gap-3">
        {!isOff && (needsYou || connection.consent_ends_soon ? <ConnectButton look="signal">Connect again</ConnectButton> : <LookNow />)}
        <Disconnect plays={connection.captured_plays} />
      </div>
      <Lookups connection={connection} timeZone={timeZone} />
    </div>
  );
}

function Looks({ connection, every, timeZone }: ConnectedProps) {
  const { looked_at: lookedAt, next_look_at: nextLookAt, waiting_until: until, why } = connection;
  const isOff = connection.state === 'off';
  return (
    <>
      {why && (
        <p role="status" className="border-l-2 border-signal pl-4">
          {why} {until && <>We go on at {moment(until, timeZone)}.</>}
          {!until && connection.trouble_since && <span className="text-muted"> Since {moment(connection.trouble_since, timeZone)}.</span>}
        </p>
      )}
      <p className="text-muted">
        {lookedAt ? `Last looked ${ago(lookedAt, timeZone)}` : isOff ? 'Nothing was looked at yet' : 'The first look is on its way'}
        {nextLookAt && !until && `, next look ${inWords(nextLookAt, timeZone)}`}.{' '}
        {!why && lookedAt && `Tonearm looks every ${plural(every, 'minute')}.`}
      </p>
      {connection.gap_at && (
        <p className="text-muted">
          On {moment(connection.gap_at, timeZone)} all fifty plays that Spotify told were new, so some before them may be missing.
          Your next export fills them in.
        </p>
      )}
    </>
  );
}

function Brought({ connection, timeZone }: { connection: SpotifyConnection; timeZone: string }) {
  const { captured_plays: plays, captured_ms: ms, captured_since: since } = connection;
  if (plays === 0) return <p className="text-muted">No play in your history comes from here at the moment.</p>;
  return (
    <p className="text-muted">
      <span className="text-ink">
        {plural(plays, 'play')}, {duration(ms)} at most
      </span>
      {since && <> since {dateOf(since, timeZone)}</>}. Spotify does not say how long you listened: these count with the length of the track,
      or with the time until the next one where that is shorter. Your next export replaces them with exact ones.
    </p>
  );
}

function LookNow() {
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const look = useLookNow({
    mutation: {
      onSuccess: (fresh) => client.setQueryData(getReadSpotifyQueryKey(), fresh),
      onError: (error) => say(notDone('We did not look.', error), 'trouble'),
    },
  });
  return (
    <Button busy={look.isPending} onClick={() => look.mutate()}>
      Look now
    </Button>
  );
}

function Lookups({ connection, timeZone }: { connection: SpotifyConnection; timeZone: string }) {
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const { allowed_here: allowed, on, known, total, calls_left: left } = connection.enrichment;
  const change = useChangeSpotify({
    mutation: {
      onSuccess: (fresh) => client.setQueryData(getReadSpotifyQueryKey(), fresh),
      onError: (error) => say(notDone('That was not changed.', error), 'trouble'),
    },
  });
  if (!allowed) return <p className="text-muted">Look-ups of covers, dates and credits are switched off on this server.</p>;
  const share = total > 0 ? known / total : 0;
  return (
    <div className="space-y-3 border-t border-line pt-5">
      <Switch
        label="Look up covers, dates and credits"
        hint="Track by track, the ones you play most first. Shown to you, never used for training."
        on={on}
        busy={change.isPending}
        onChange={(enrich) => change.mutate({ data: { enrich } })}
      />
      <div
        role="progressbar"
        aria-label="Tracks looked up"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={known}
        className="h-1.5 overflow-hidden rounded-round bg-heat-floor"
      >
        <div className="h-full bg-signal" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="text-muted">
        {count(known)} of {plural(total, 'track')} looked up.{' '}
        {on && known < total && connection.state !== 'reconnect' && progress(left, connection.waiting_until, timeZone)}
      </p>
    </div>
  );
}

function progress(left: number, until: string | null, timeZone: string): string {
  if (until) return `It goes on at ${moment(until, timeZone)}.`;
  return left > 0 ? `${plural(left, 'call')} left for this today.` : 'Today’s calls are used up; it goes on by itself.';
}

function inWords(instant: string, timeZone: string): string {
  const minutes = Math.ceil((new Date(instant).getTime() - Date.now()) / 60_000);
  if (minutes <= 0) return 'now';
  return minutes < 60 ? `in ${plural(minutes, 'minute')}` : `at ${moment(instant, timeZone)}`;
}
