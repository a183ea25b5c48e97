import { MiniGroove } from '@/components/groove/MiniGroove';
import { dayValues, type Mark } from '@/components/groove/geometry';
import { Marks, MOST_MARKS, MOST_RINGS, NameDisc, Rings } from '@/components/groove/pictures';
import type { ShownWrap } from '@/api/generated/model';
import { change, count, dayOfMonth, dayShort, duration, percent, plural } from '@/lib/format';
import { comparedPhrase, spanLabel } from '@/lib/span';
import { BigList } from './BigList';
import { Screen } from './Screen';
import type { Chapter } from './story';

/** The span as its disc; some days may stand out. */
export function SpanDisc({ wrap, lit }: { wrap: ShownWrap; lit?: (mark: Mark) => boolean }) {
  const { first_day: firstDay, last_day: lastDay } = wrap.span;
  return (
    <MiniGroove
      days={dayValues(wrap.days)}
      firstDay={firstDay}
      lastDay={lastDay}
      lit={lit}
      turning={!lit}
      className="w-full"
    />
  );
}

/** Until when it was counted, where its name does not say it. */
function untilWhen({ span, told_on: day }: ShownWrap): string | false {
  if (day == null || (span.text !== 'all' && day >= span.last_day)) return false;
  return `until ${span.text === 'all' ? dayShort(day) : dayOfMonth(day)}`;
}

export const opening: Chapter = (wrap, mine) => ({
  name: `${spanLabel(wrap.span.text)}, as ${mine ? 'you' : 'they'} heard it`,
  render: () => (
    <Screen
      lead={wrap.name ?? (mine ? 'Your listening' : 'A listener')}
      figure={spanLabel(wrap.span.text)}
      after={[mine ? 'as you heard it' : 'as they heard it', untilWhen(wrap)].filter(Boolean).join(', ')}
      picture={<SpanDisc wrap={wrap} />}
    />
  ),
});

export const minutes: Chapter = ({ amounts, span }, mine) => {
  if (!amounts || amounts.minutes === 0) return null;
  const compared = change(amounts.minutes, amounts.minutes_before);
  const before = amounts.previous_span;
  const days = Math.floor(amounts.minutes / 1440);
  const each = Math.max(1, Math.ceil(days / MOST_RINGS));
  return {
    name: 'Minutes',
    render: () => (
      <Screen
        lead={mine ? 'You let the needle down for' : 'The needle was down for'}
        figure={count(amounts.minutes)}
        after={`${amounts.minutes === 1 ? 'minute' : 'minutes'}. ${compared && before ? `That is ${compared.text} ${comparedPhrase(span, before)}.` : ''}`.trim()}
        picture={<Rings count={Math.max(1, days / each)} className="w-full" />}
        note={[days >= 2 && `One ring for ${each === 1 ? 'each whole day' : `every ${count(each)} whole days`} of it.`, atMost(amounts)].filter(Boolean).join(' ') || undefined}
      />
    ),
  };
};

const MUCH_UNTOLD = 0.05;

/** Where nobody told the length of many plays. */
function atMost({ minutes, minutes_at_most: most = 0 }: { minutes: number; minutes_at_most?: number }): string | false {
  return most > MUCH_UNTOLD * minutes && `${plural(most, 'minute')} of it at most: nobody told how long those plays lasted.`;
}

const LOYAL = 0.03;

/** Above a fifth a fraction of one would be far off. */
function loyalty(share: number): string {
  return share > 0.2 ? `${percent(share)} of the minutes were theirs.` : `About one minute in ${count(Math.round(1 / share))} was theirs.`;
}

export const artist: Chapter = ({ top_artists: [first], top_artist_share: share }, mine) =>
  first
    ? {
        name: mine ? 'Your artist' : 'Their artist',
        render: () => (
          <Screen
            lead={first.previous_rank === 1 ? 'Nobody could take the first place from' : mine ? 'Nobody was closer to you than' : 'Nobody was closer than'}
            figure={first.name}
            after={
              first.ms_played !== null && first.listens !== null
                ? `${duration(first.ms_played)} together, ${plural(first.listens, 'listen')}.`
                : undefined
            }
            picture={<NameDisc name={first.name} className="w-full" />}
            note={
              share !== null && share >= LOYAL ? loyalty(share) : undefined
            }
          />
        ),
      }
    : null;

const A_LIST = 3;

export const artists: Chapter = ({ top_artists: items }, mine) =>
  items.length >= A_LIST
    ? {
        name: mine ? 'Your artists' : 'Their artists',
        render: () => (
          <BigList lead={`${items.length < 5 ? 'These' : 'The five that'} made the sound of it, by time`} items={items.slice(0, 5)} by="time" />
        ),
      }
    : null;

export const albums: Chapter = ({ top_albums: items }, mine) =>
  items.length >= A_LIST
    ? {
        name: mine ? 'Your albums' : 'Their albums',
        render: () => <BigList lead="The records that were on longest" items={items.slice(0, 5)} by="time" />,
      }
    : null;

export const track: Chapter = ({ top_tracks: [first] }) =>
  first
    ? {
        name: 'The track',
        render: () => (
          <Screen
            lead="The groove worn deepest"
            figure={first.name}
            after={[first.artist, first.listens !== null && plural(first.listens, 'listen')].filter(Boolean).join('. ')}
            picture={<NameDisc name={first.name} className="w-full" />}
          />
        ),
      }
    : null;

export const tracks: Chapter = ({ top_tracks: items }, mine) =>
  items.length >= A_LIST
    ? {
        name: mine ? 'Your tracks' : 'Their tracks',
        render: () => (
          <BigList lead={mine ? 'You came back to these' : 'These were put on again'} items={items.slice(0, 5)} by="listens" />
        ),
      }
    : null;

export const variety: Chapter = ({ amounts }) =>
  amounts && amounts.artists > 0
    ? {
        name: 'Artists',
        render: () => (
          <Screen
            lead={`${plural(amounts.tracks, 'track')}, made by`}
            figure={count(amounts.artists)}
            after={amounts.artists === 1 ? 'artist' : 'artists'}
            picture={<Marks count={amounts.artists} className="w-full" />}
            note={amounts.artists > 1 && amounts.artists <= MOST_MARKS ? 'Each is one mark in this groove.' : undefined}
          />
        ),
      }
    : null;
