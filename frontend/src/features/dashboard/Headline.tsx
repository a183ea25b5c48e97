import { useGetTotals } from '@/api/generated';
import type { Totals } from '@/api/generated/model';
import { BigNumber } from '@/components/ui/BigNumber';
import { QueryView } from '@/components/ui/QueryView';
import { Skeleton } from '@/components/ui/States';
import { change, count, duration, percent, plural } from '@/lib/format';
import { comparedPhrase, duringPhrase, spanKind, spanPhrase } from '@/lib/span';

interface HeadlineProps {
  span: string;
  /** Beside which time, where one was chosen; else the span before. */
  against: string | null;
}

/** The span in one number, and what it is made of. */
export function Headline({ span, against }: HeadlineProps) {
  const totals = useGetTotals({ span, ...(against && { against }) });
  return (
    <section aria-label="Totals">
      <QueryView
        query={totals}
        what="count your listening"
        skeleton={
          <div role="status" aria-label="Loading">
            <Skeleton className="h-28 w-4/5" />
            <Skeleton className="mt-6 h-5 w-3/5" />
          </div>
        }
      >
        {(data) => <Numbers span={span} against={against} data={data} />}
      </QueryView>
    </section>
  );
}

function Numbers({ span, against, data }: HeadlineProps & { data: Totals }) {
  const compared = change(data.minutes, data.previous?.minutes);
  const days = Math.floor(data.minutes / 60 / 24);
  return (
    <>
      <h1>
        <BigNumber>{count(data.minutes)}</BigNumber>
        <span className="title mt-4 block">
          {data.minutes === 1 ? 'minute' : 'minutes'} of listening {duringPhrase(span)}
          {days >= 2 && <span className="text-muted">, {count(days)} whole days</span>}
        </span>
      </h1>
      {compared && data.previous_span && (
        <p className="mt-3">
          <span className={compared.share >= 0 ? 'text-signal-text' : 'text-counter-text'}>{compared.text}</span>{' '}
          {against ? besidePhrase(against) : comparedPhrase(data.span, data.previous_span)}
        </p>
      )}
      <dl className="mt-8 grid max-w-md grid-cols-2 gap-x-10 gap-y-1">
        <Line name="listens" value={count(data.listens)} />
        <Line name={data.days_active === 1 ? 'day with music' : 'days with music'} value={count(data.days_active)} />
        <Line name="tracks" value={count(data.tracks)} />
        <Line name="artists" value={count(data.artists)} />
        {data.first_listens < data.tracks && <Line name="tracks heard for the first time" value={count(data.first_listens)} />}
        <Line name={data.plays && !data.skips_known ? 'whether you skipped' : 'of plays skipped'} value={!data.plays ? '–' : data.skips_known ? percent(data.skips / data.skips_known) : 'not told'} />
      </dl>
      <Uncertain data={data} />
      {data.listens === 0 && (
        <p className="mt-6 text-muted">Silence {duringPhrase(span)}. {data.plays > 0 && `${plural(data.plays, 'play')} under half a minute.`}</p>
      )}
    </>
  );
}

/** "12 % more than …" the time that was chosen. */
const besidePhrase = (against: string) => (spanKind(against) === 'all' ? 'in all the time there is' : spanPhrase(against));

/** How much of the number nobody told exactly, where that is any of it. */
function Uncertain({ data: { uncertain, ms_played: all } }: { data: Totals }) {
  const { by_track_plays: plays = 0, by_track_ms: ms = 0, least_plays: least = 0 } = uncertain ?? {};
  if (plays === 0 && least === 0) return null;
  return (
    <p className="mt-6 max-w-md text-muted">
      {plays > 0 && (
        <>
          {duration(ms)} of this ({percent(ms / Math.max(1, all), ms / Math.max(1, all) < 0.01 ? 1 : 0)}) is a ceiling: nobody told how long{' '}
          {plural(plays, 'play')} lasted, so {plays === 1 ? 'it counts' : 'they count'} with the length of the track or until the next one.{' '}
        </>
      )}
      {least > 0 && (
        <>
          {plural(least, 'play')} without any length {least === 1 ? 'counts' : 'count'} half a minute, so there was more.{' '}
        </>
      )}
      Where Spotify played them, an export makes it exact.
    </p>
  );
}

function Line({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex items-baseline justify-between gap-4 border-t border-line py-2">
      <dt className="text-muted">{name}</dt>
      <dd className="shrink-0 font-medium">{value}</dd>
    </div>
  );
}
