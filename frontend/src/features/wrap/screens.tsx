import type { Wrap } from '@/api/generated/model';
import { MiniGroove } from '@/components/groove/MiniGroove';
import { DayClock, Gap, Marks, NameDisc, Rings, TwoShares } from '@/components/groove/pictures';
import { change, count, dayShort, duration, hour, list, partOfDay, percent, plural, WEEKDAYS } from '@/lib/format';
import { previousPhrase, spanLabel } from '@/lib/span';
import { BigList } from './BigList';
import { Screen } from './Screen';

export interface WrapScreen {
  key: string;
  /** What a screen reader hears when the screen comes up. */
  name: string;
  render: () => React.ReactNode;
}

const MOST_BEFORE_THE_CARD = 13;

/** The story of a wrap, screen by screen; what this span has nothing to say about is left out. The card is added last. */
export function screensOf(wrap: Wrap): WrapScreen[] {
  const { totals, span } = wrap;
  const label = spanLabel(span.text);
  const compared = change(totals.minutes, totals.previous?.minutes);
  const disc = (lit?: (mark: { day: string }) => boolean) => (
    <MiniGroove
      days={wrap.calendar.days}
      firstDay={span.first_day}
      lastDay={span.last_day}
      lit={lit}
      turning={!lit}
      className="w-full"
    />
  );
  const artist = wrap.top_artists[0];
  const track = wrap.top_tracks[0];
  const screens: (WrapScreen | null | undefined | false)[] = [
    {
      key: 'opening',
      name: `${label}, as you heard it`,
      render: () => (
        <Screen lead={wrap.listener.display_name} figure={label} after="as you heard it" picture={disc()} />
      ),
    },
    {
      key: 'minutes',
      name: 'Minutes',
      render: () => (
        <Screen
          lead="You let the needle down for"
          figure={count(totals.minutes)}
          after={
            <>
              minutes. {compared && `That is ${compared.text} ${previousPhrase(span.text)}.`}
            </>
          }
          picture={<Rings count={Math.max(1, totals.minutes / 1440)} className="w-full" />}
        >
          <p className="mt-3 text-muted">One ring for each whole day of it.</p>
        </Screen>
      ),
    },
    {
      key: 'variety',
      name: 'Artists',
      render: () => (
        <Screen
          lead={`${plural(totals.tracks, 'track')}, made by`}
          figure={count(totals.artists)}
          after={totals.artists === 1 ? 'artist' : 'artists. Each is one mark in this groove.'}
          picture={<Marks count={totals.artists} className="w-full" />}
        />
      ),
    },
    artist && {
      key: 'artist',
      name: 'Your artist',
      render: () => (
        <Screen
          lead={artist.previous_rank === 1 ? 'Nobody could take the first place from' : 'Nobody was closer to you than'}
          figure={artist.name}
          after={`${duration(artist.ms_played)} together, ${plural(artist.listens, 'listen')}`}
          picture={<NameDisc name={artist.name} className="w-full" />}
        />
      ),
    },
    wrap.top_artists.length > 2 && {
      key: 'artists',
      name: 'Your five artists',
      render: () => (
        <BigList
          lead="The five that made the sound of it"
          items={wrap.top_artists.slice(0, 5)}
          by="time"
        />
      ),
    },
    track && {
      key: 'track',
      name: 'Your track',
      render: () => (
        <Screen
          lead="The groove you wore deepest"
          figure={track.name}
          after={`${track.artist ? `${track.artist.name}. ` : ''}${plural(track.listens, 'listen')}.`}
          picture={<NameDisc name={track.name} className="w-full" />}
        />
      ),
    },
    wrap.top_tracks.length > 2 && {
      key: 'tracks',
      name: 'Your five tracks',
      render: () => (
        <BigList
          lead="You came back to these"
          items={wrap.top_tracks.slice(0, 5)}
          by="listens"
        />
      ),
    },
    wrap.clock.peak && {
      key: 'clock',
      name: 'Your hour',
      render: () => <ClockScreen wrap={wrap} />,
    },
    wrap.peak_day && {
      key: 'peak-day',
      name: 'Your longest day',
      render: () => (
        <Screen
          lead={`Your longest day was ${dayShort(wrap.peak_day?.day ?? span.first_day)}:`}
          figure={duration(wrap.peak_day?.ms_played ?? 0)}
          after={wrap.peak_day?.track ? `with ${wrap.peak_day.track.name} the most` : 'of music'}
          picture={disc((mark) => mark.day === wrap.peak_day?.day)}
        />
      ),
    },
    wrap.obsession &&
      wrap.obsession.listens > 2 && {
        key: 'obsession',
        name: 'Obsession',
        render: () => (
          <Screen
            lead={`On ${dayShort(wrap.obsession?.day ?? span.first_day)} you could not let go of ${wrap.obsession?.track.name ?? ''}`}
            figure={`${count(wrap.obsession?.listens ?? 0)} times`}
            after="in one day. It happens."
            picture={<Rings count={wrap.obsession?.listens ?? 1} className="w-full" />}
          />
        ),
      },
    wrap.discovery.count > 0 && {
      key: 'discovery',
      name: 'First listens',
      render: () => (
        <Screen
          lead="You heard for the first time"
          figure={count(wrap.discovery.count)}
          after={`${wrap.discovery.count === 1 ? 'track' : 'tracks'}${firstOnes(wrap)}`}
          picture={<Marks count={wrap.discovery.count} className="w-full" />}
        />
      ),
    },
    wrap.comeback && {
      key: 'comeback',
      name: 'Comeback',
      render: () => (
        <Screen
          lead={`${wrap.comeback?.track?.name ?? wrap.comeback?.artist?.name ?? 'Something'} came back after`}
          figure={count(wrap.comeback?.silent_days ?? 0)}
          after="days of silence. Good to hear it again."
          picture={<Gap className="w-full" />}
        />
      ),
    },
    wrap.longest_streak &&
      wrap.longest_streak.days > 1 && {
        key: 'streak',
        name: 'Streak',
        render: () => <StreakScreen wrap={wrap} disc={disc} />,
      },
    wrap.finished_share !== null && {
      key: 'finished',
      name: 'Finished and skipped',
      render: () => (
        <Screen
          lead="You heard to the end"
          figure={percent(wrap.finished_share ?? 0)}
          after={`of what you started, and skipped ${percent(wrap.skipped_share)}${mostSkipped(wrap)}.`}
          picture={<TwoShares first={wrap.finished_share ?? 0} second={wrap.skipped_share} className="w-full" />}
        />
      ),
    },
  ];
  const told = screens.filter((screen): screen is WrapScreen => Boolean(screen));
  return told.length > MOST_BEFORE_THE_CARD ? told.filter((screen) => screen.key !== 'variety') : told;
}

function ClockScreen({ wrap }: { wrap: Wrap }) {
  const hours = Array.from({ length: 24 }, (_, at) =>
    wrap.clock.cells.filter((cell) => cell.hour === at).reduce((sum, cell) => sum + cell.listens, 0),
  );
  const peak = wrap.clock.peak ?? { weekday: 0, hour: 0 };
  return (
    <Screen
      lead={`${WEEKDAYS[peak.weekday]} ${partOfDay(peak.hour)} belonged to you. Your hour was`}
      figure={hour(peak.hour)}
      after="the warmest of the 168 hours in your week"
      picture={<DayClock hours={hours} className="w-full" />}
    />
  );
}

function StreakScreen({ wrap, disc }: { wrap: Wrap; disc: (lit: (mark: { day: string }) => boolean) => React.ReactNode }) {
  const streak = wrap.longest_streak;
  if (!streak) return null;
  return (
    <Screen
      lead="Without a silent day between them"
      figure={`${count(streak.days)} days`}
      after={`from ${dayShort(streak.first_day)} to ${dayShort(streak.last_day)}`}
      picture={disc((mark) => mark.day >= streak.first_day && mark.day <= streak.last_day)}
    />
  );
}

function firstOnes({ discovery }: Wrap): string {
  const names = discovery.first.slice(0, 2).map((track) => track.name);
  return names.length ? `, ${list(names)} among them` : '';
}

function mostSkipped({ most_skipped: most }: Wrap): string {
  return most ? `, ${most.track.name} most often` : '';
}
