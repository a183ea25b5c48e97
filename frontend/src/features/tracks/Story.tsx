import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { PlayedAt, PlayReason } from '@/api/generated/model';
import { BarList } from '@/components/charts/BarList';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { HourGrid } from '@/components/charts/HourGrid';
import { Panel } from '@/components/ui/Panel';
import { loudness } from '@/lib/colours';
import { clockTime, count, dayShort, duringWeekTime, hour, moment, percent, plural, times as often, WEEKDAYS } from '@/lib/format';
import { began, ended } from '@/lib/reasons';
import { inSpan } from '@/lib/span';
import { useZone } from '@/lib/useZone';
import type { PlayStory } from './playStory';
import { YearsAndRanks } from './YearsAndRanks';

interface StoryProps {
  story: PlayStory;
  /** How the page calls it in a sentence: "it", or a name. */
  it: string;
  /** Whose plays a chart opens, as the history's address says it: `artist_id=7`. */
  of: string;
  span: string;
}

/** What one's own plays say, told the same of a track, an artist and an album. Nothing is said that the plays do not. */
export function StoryPanels({ story, it, of, span }: StoryProps) {
  return (
    <>
      {story.first && <FirstTime first={story.first} it={it} span={span} />}
      <YearsAndRanks story={story} of={of} span={span} />
      <Stretches story={story} of={of} />
      {story.peak && <Week story={story} />}
      <HowItWent story={story} />
      <Neighbours story={story} it={it} span={span} />
    </>
  );
}

function FirstTime({ first, it, span }: { first: NonNullable<PlayStory['first']>; it: string; span: string }) {
  const zone = useZone();
  const around: [string, PlayedAt][] = [
    ...first.before.map((play): [string, PlayedAt] => ['before', play]),
    ['first', first.listen],
    ...first.after.map((play): [string, PlayedAt] => ['after', play]),
  ];
  return (
    <Panel
      title={`You first listened to ${it} on ${moment(first.listen.started_at, zone)}`}
      note={`${span === 'all' ? '' : 'The first of all time. '}${around.length > 1 ? 'What was played around it:' : 'Nothing else was played around it.'}`}
    >
      {around.length > 1 && (
        <ol>
          {around.map(([when, { track, started_at }]) => (
            <li key={started_at + track.id} className="flex gap-4 border-t border-line py-2">
              <span className="w-12 shrink-0 text-muted">{clockTime(started_at, zone)}</span>
              <p className={when === 'first' ? 'font-medium text-signal-text' : ''}>
                <Link to={`/tracks/${track.id}`} className="hover:underline">
                  {track.name}
                </Link>{' '}
                <span className="font-normal text-muted">{track.artist.name}</span>
              </p>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Stretches({ story, of }: { story: PlayStory; of: string }) {
  const { longest_streak: streak, obsessions, comebacks } = story;
  const row = streak && streak.days > 1;
  if (!row && obsessions.length === 0 && comebacks.length === 0) return null;
  const longest = comebacks.reduce((best, each) => Math.max(best, each.silent_days), 0);
  const title = obsessions[0]
    ? `For ${plural(obsessions[0].days, 'day')} it was ${percent(obsessions[0].share)} of all you heard`
    : comebacks.length > 0
      ? `It came back after ${plural(longest, 'silent day')}`
      : `${count(streak?.days ?? 0)} days in a row at most`;
  return (
    <Panel title={title}>
      <ul>
        {obsessions.map((each) => (
          <Fact key={each.first_day} to={`${each.first_day}..${each.last_day}&${of}`}>
            {dayShort(each.first_day)} to {dayShort(each.last_day)}: {plural(each.listens, 'listen')}, {percent(each.share)} of everything
          </Fact>
        ))}
        {row && (
          <Fact to={`${streak.first_day}..${streak.last_day}&${of}`}>
            {dayShort(streak.first_day)} to {dayShort(streak.last_day)}: {plural(streak.days, 'day')} in a row, the longest
          </Fact>
        )}
        {comebacks.map((each) => (
          <Fact key={each.back_on} to={`${each.back_on}&${of}`}>
            Back on {dayShort(each.back_on)} after {plural(each.silent_days, 'silent day')}
          </Fact>
        ))}
      </ul>
    </Panel>
  );
}

function Fact({ to, children }: { to: string; children: ReactNode }) {
  return (
    <li className="border-t border-line py-2">
      <Link to={`/history?span=${to}`} className="hover:underline">
        {children}
      </Link>
    </li>
  );
}

/** Listens in one hour of the week from which on it is more than chance. */
const A_HABIT = 3;

function Week({ story: { week, peak } }: { story: PlayStory }) {
  const most = Math.max(...week.map((cell) => cell.listens));
  const loud = loudness(week.map((cell) => cell.listens), 1);
  return (
    <ChartFrame
      title={
        most < A_HABIT ? 'When in the week it was on' : `Most ${duringWeekTime(peak?.weekday ?? 0, peak?.hour ?? 0)}`
      }
      table={{
        columns: ['Hour', ...WEEKDAYS.map((name) => name.slice(0, 3))],
        rows: Array.from({ length: 24 }, (_, at) => [
          hour(at),
          ...WEEKDAYS.map((_, row) => week.find((cell) => cell.weekday === row && cell.hour === at)?.listens ?? 0),
        ]),
      }}
    >
      <HourGrid
        label="Listens by weekday and hour"
        rows={WEEKDAYS.map((name) => name.slice(0, 3))}
        cells={week.map((cell) => ({
          row: cell.weekday,
          hour: cell.hour,
          share: loud(cell.listens),
          told: `${WEEKDAYS[cell.weekday]}, ${hour(cell.hour)}: ${plural(cell.listens, 'listen')}`,
        }))}
        marked={peak ? { row: peak.weekday, hour: peak.hour } : null}
        rest="The framed hour is the warmest."
      />
    </ChartFrame>
  );
}

function HowItWent({ story }: { story: PlayStory }) {
  const { skip_share: skips, finished, shuffled } = story;
  if (skips === null) return null;
  const title =
    finished.share !== null && finished.share >= skips
      ? `Played to the end ${percent(finished.share)} of the time`
      : `Skipped ${percent(skips)} of the time`;
  const notes = [
    `${percent(skips)} skipped`,
    finished.share !== null && `${percent(finished.share)} of ${plural(finished.told, 'play')} finished, where the length is known`,
    shuffled.share !== null && `${percent(shuffled.share)} on shuffle`,
  ].filter((note) => note !== false);
  return (
    <Panel title={title} note={`${notes.join('; ')}.`}>
      <div className="grid gap-8 sm:grid-cols-2">
        <Reasons title="It began because" label="How plays began" reasons={story.began} words={began} />
        <Reasons title="It ended because" label="How plays ended" reasons={story.ended} words={ended} />
      </div>
    </Panel>
  );
}

const FEW = 4;

interface ReasonsProps {
  title: string;
  label: string;
  reasons: PlayReason[];
  words: (reason: string | null) => string;
}

function Reasons({ title, label, reasons, words }: ReasonsProps) {
  return (
    <div>
      <h3 className="mb-1 text-muted">{title}</h3>
      <BarList
        label={label}
        bars={reasons.slice(0, FEW).map(({ reason, plays, share }) => ({
          key: String(reason),
          name: words(reason),
          value: plays,
          told: percent(share),
        }))}
      />
    </div>
  );
}

function Neighbours({ story: { played_after: after, played_before: before }, it, span }: Omit<StoryProps, 'of'>) {
  const top = before[0] ?? after[0];
  if (!top) return null;
  const bars = (list: PlayStory['played_after']) =>
    list.map(({ track, times }) => ({
      key: String(track.id),
      name: track.name,
      by: track.artist.name,
      to: inSpan(`/tracks/${track.id}`, span),
      value: times,
      told: often(times),
    }));
  return (
    <Panel
      title={
        top.times < 2
          ? 'What was played around it'
          : before[0]
            ? `${before[0].track.name} comes right after most`
            : `${top.track.name} comes right before most`
      }
      note="Within half an hour of each other."
    >
      <div className="grid gap-8 sm:grid-cols-2">
        {after.length > 0 && (
          <div>
            <h3 className="mb-1 text-muted">Before {it}</h3>
            <BarList label="Played before" bars={bars(after)} />
          </div>
        )}
        {before.length > 0 && (
          <div>
            <h3 className="mb-1 text-muted">After {it}</h3>
            <BarList label="Played after" bars={bars(before)} />
          </div>
        )}
      </div>
    </Panel>
  );
}
