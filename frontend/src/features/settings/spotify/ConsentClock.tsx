import type { SpotifyConnection } from '@/api/generated/model';
import { dateOf, plural } from '@/lib/format';

const RADIUS = 20;
const LONGEST_DAYS = 184;

/** Six months as one groove: what is left of it is lit. */
export function ConsentClock({ connection, timeZone }: { connection: SpotifyConnection; timeZone: string }) {
  const { consent_days_left: days, consent_ends_at: ends, consent_ends_soon: soon, state } = connection;
  const left = state === 'reconnect' ? 0 : Math.min(1, days / LONGEST_DAYS);
  return (
    <div className="flex items-center gap-4">
      <svg viewBox="-24 -24 48 48" className="size-14 shrink-0" aria-hidden>
        <circle r={RADIUS} fill="none" stroke="var(--line)" strokeWidth={3} />
        <circle
          r={RADIUS}
          fill="none"
          stroke={soon ? 'var(--signal)' : 'var(--ink)'}
          strokeWidth={3}
          pathLength={1}
          strokeDasharray={`${left} 1`}
          transform="rotate(-90)"
        />
        <circle r={2.5} fill="var(--ink)" />
      </svg>
      <p className={soon ? 'text-signal-text' : 'text-muted'}>
        {state === 'reconnect' ? (
          'Spotify’s permission has ended.'
        ) : (
          <>
            Spotify’s permission lasts {days === 0 ? 'until today' : `another ${plural(days, 'day')}`}, until {dateOf(ends, timeZone)}.
            {soon ? ' Connect again before that, and nothing is missed.' : ' It is given for six months at a time.'}
          </>
        )}
      </p>
    </div>
  );
}
