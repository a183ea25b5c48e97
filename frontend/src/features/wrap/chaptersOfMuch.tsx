import { MiniGroove } from '@/components/groove/MiniGroove';
import { dayValues, type Mark } from '@/components/groove/geometry';
import { Marks, NameDisc, Rings } from '@/components/groove/pictures';
import type { ShownWrap } from '@/api/generated/model';
import { change, count, duration, percent, plural } from '@/lib/format';
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

export const opening: Chapter = (wrap, mine) => ({
  name: `${spanLabel(wrap.span.text)}, as ${mine ? 'you' : 'they'} heard it`,
  render: () => (
    <Screen
      lead={wrap.name ?? (mine ? 'Your listening' : 'A listener')}
      figure={spanLabel(wrap.span.text)}
      after={mine ? 'as you heard it' : 'as they heard it'}
      picture={<SpanDisc wrap={wrap} />}
    />
  ),
});

export const minutes: Chapter = ({ amounts, span }, mine) => {
  if (!amounts) return null;
  const compared = change(amounts.minutes, amounts.minutes_before);
  const before = amounts.previous_span;
  const days = amounts.minutes / 1440;
  return {
    name: 'Minutes',
    render: () => (
      <Screen
        lead={mine ? 'You let the needle down for' : 'The needle was down for'}
        figure={count(amounts.minutes)}
        after={<>minutes. {compared && before && `That is ${compared.text} ${comparedPhrase(span, before)}.`}</>}
        picture={<Rings count={Math.max(1, days)} className="w-full" />}
        note={[days >= 2 && 'One ring for each whole day of it.', atMost(amounts)].filter(Boolean).join(' ') || undefined}
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

function loyalty(share: number): string {
  const nth = Math.round(1 / share);
  return nth > 1 ? `One minute in ${count(nth)} was theirs.` : `${percent(share)} of the minutes were theirs.`;
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
        render: () => <BigList lead={items.length < 5 ? 'These made the sound of it' : 'The five that made the sound of it'} items={items.slice(0, 5)} by="time" />,
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
            note={amounts.artists > 1 ? 'Each is one mark in this groove.' : undefined}
          />
        ),
      }
    : null;
