import type { ShownComeback } from '@/api/generated/model';
import { BothEnds, Gap, Marks, TwoShares } from '@/components/groove/pictures';
import { isolated } from '@/lib/bidi';
import { capital, count, dayShort, list, moment, percent, plural } from '@/lib/format';
import { goesOn } from '@/lib/span';
import { SpanDisc } from './chaptersOfMuch';
import { Screen } from './Screen';
import type { Chapter } from './story';

/** First listens that stayed. */
export const found: Chapter = ({ found: [first], amounts }) => {
  const news = amounts?.first_listens ?? 0;
  const marks = <Marks count={Math.max(1, news)} className="w-full" />;
  const among = amounts
    ? `One of ${plural(news, 'track')} heard for the first time${amounts.new_artists ? `; ${plural(amounts.new_artists, 'artist')} ${amounts.new_artists === 1 ? 'was' : 'were'} new` : ''}.`
    : undefined;
  if (first && (first.listens ?? 2) > 1) {
    const since = first.listens === null ? '' : `${plural(first.listens, 'listen')} since`;
    return {
      name: 'The find',
      render: () => (
        <Screen
          lead={first.day ? `The find, on ${dayShort(first.day)}:` : 'The find:'}
          figure={first.track.name}
          after={[first.track.artist, since].filter(Boolean).join(', ')}
          picture={marks}
          note={news > 1 ? among : undefined}
        />
      ),
    };
  }
  if (!news) return null;
  return {
    name: 'First listens',
    render: () => (
      <Screen lead="Heard for the first time" figure={count(news)} after={news === 1 ? 'track' : 'tracks'} picture={marks} />
    ),
  };
};

const nameOf = (comeback: ShownComeback): string => comeback.artist ?? comeback.track?.name ?? '';

/** What returned after a long silence. */
export const comeback: Chapter = ({ comebacks: [first, ...others] }) => {
  if (!first) return null;
  return {
    name: 'Comeback',
    render: () => (
      <Screen
        lead={`${nameOf(first)} came back after`}
        figure={`${count(first.silent_days)} days`}
        after={`of silence, on ${dayShort(first.back_on)}${first.listens === null ? '' : `, and stayed for ${plural(first.listens, 'listen')}`}.`}
        picture={<Gap className="w-full" />}
        note={
          others.length
            ? `Also back: ${list(others.map((other) => `${nameOf(other)} after ${count(other.silent_days)} days`))}.`
            : undefined
        }
      />
    ),
  };
};

export const streak: Chapter = (wrap) => {
  const days = wrap.longest_streak;
  if (!days || days.days < 2) return null;
  return {
    name: 'Streak',
    render: () => (
      <Screen
        lead="Without a silent day between them"
        figure={`${count(days.days)} days`}
        after={`from ${dayShort(days.first_day)} to ${dayShort(days.last_day)}`}
        picture={<SpanDisc wrap={wrap} lit={(mark) => mark.day >= days.first_day && mark.day <= days.last_day} />}
      />
    ),
  };
};

/** Skips that make it "again and again"; wraps kept by older releases tell of fewer. */
const AGAIN = 3;

const skippedWords = (share: number): string => (share === 0 ? 'Nothing was skipped.' : `${capital(percent(share))} was skipped.`);

/** What was let run until it was over, what was not, and what never had to go. */
export const endings: Chapter = ({ endings: ends, most_skipped: skipped, never_skipped: kept }) => {
  if (!ends || ends.finished === null) return null;
  return {
    name: 'Finished and skipped',
    render: () => (
      <Screen
        lead="Let play until it was over:"
        figure={ends.finished === 0 ? 'Nothing' : capital(percent(ends.finished ?? 0))}
        after={`of what was started. ${ends.skipped === null ? '' : skippedWords(ends.skipped)}`.trim()}
        picture={<TwoShares first={ends.finished ?? 0} second={ends.skipped ?? 0} className="w-full" />}
      >
        <dl className="mt-[min(1.25rem,2.4dvh)] max-w-[34ch] space-y-3 short:space-y-1">
          {kept && (
            <div>
              <dt className="text-muted">
                Never once skipped: {count(kept.tracks)} {kept.tracks === 1 ? 'track' : 'tracks'}
              </dt>
              <dd className="font-medium">
                {isolated(`${kept.track.name}, ${plural(kept.plays, 'play')}`)}
              </dd>
            </div>
          )}
          {skipped && skipped.skips >= AGAIN && (
            <div>
              <dt className="text-muted">Skipped again and again</dt>
              <dd className="font-medium">
                {isolated(`${skipped.track.name}, ${count(skipped.skips)} of ${plural(skipped.plays, 'play')}`)}
              </dd>
            </div>
          )}
        </dl>
      </Screen>
    ),
  };
};

/** The first and the last song. */
export const began: Chapter = (wrap) => {
  const { first_song: first, last_song: last, time_zone: zone } = wrap;
  const isOver = wrap.span.text !== 'all' && !goesOn(wrap);
  if (!first || !last || first.started_at === last.started_at) return null;
  return {
    name: 'First and last',
    render: () => (
      <Screen
        lead={`It began on ${moment(first.started_at, zone ?? undefined)} with`}
        figure={first.track.name}
        after={`and ${isOver ? 'ended on' : 'stands, so far, at'} ${moment(last.started_at, zone ?? undefined)} with ${last.track.name}.`}
        picture={<BothEnds className="w-full" />}
      />
    ),
  };
};
