import type { ShownPhase, ShownWrap } from '@/api/generated/model';
import { DayClock, Fading, Stretches } from '@/components/groove/pictures';
import { cx } from '@/components/ui/classes';
import { capital, count, dayOfMonth, dayShort, duration, hour, isoDay, parseDay, percent, plural, times, weekTime } from '@/lib/format';
import { previousPhrase, spanPhrase } from '@/lib/span';
import { SpanDisc } from './chaptersOfMuch';
import { Screen } from './Screen';
import type { Chapter } from './story';

const DAY_MS = 86_400_000;
const LISTED_PHASES = 6;

const length = (phase: ShownPhase): number =>
  (parseDay(phase.last_day).getTime() - parseDay(phase.first_day).getTime()) / DAY_MS + 1;

/** Who was ahead, and when the lead changed. */
export const phases: Chapter = (wrap) => {
  const all = wrap.phases;
  const changes = all.filter((phase, index) => index > 0 && phase.artist !== all[index - 1]?.artist).length;
  if (changes === 0) return null;
  const withYear = wrap.span.first_day.slice(0, 4) !== wrap.span.last_day.slice(0, 4);
  const longest = all.reduce((best, phase) => (length(phase) > length(best) ? phase : best));
  const begin = parseDay(wrap.span.first_day).getTime();
  const whole = parseDay(wrap.span.last_day).getTime() + DAY_MS - begin;
  const stretches = all.map((phase) => ({
    from: (parseDay(phase.first_day).getTime() - begin) / whole,
    to: (parseDay(phase.last_day).getTime() + DAY_MS - begin) / whole,
    lit: phase.artist === longest.artist,
  }));
  return {
    name: 'Phases',
    render: () => (
      <Screen
        lead="The first place changed hands"
        figure={times(changes)}
        after={`${longest.artist} held it longest, ${when(longest, withYear)}.`}
        picture={<Stretches stretches={stretches} className="w-full" />}
      >
        <ol className="mt-[min(1.25rem,2.4dvh)] space-y-1 short:space-y-0">
          {shownPhases(all).map((phase) => (
            <li key={phase.first_day} className="flex gap-3">
              <span className={cx('shrink-0 text-muted', withYear ? 'w-44' : 'w-32')}>{when(phase, withYear)}</span>
              <span className={phase.artist === longest.artist ? 'font-medium' : undefined}>{phase.artist}</span>
            </li>
          ))}
        </ol>
        {all.length > LISTED_PHASES && <p className="mt-1 text-muted">The longest of {count(all.length)}.</p>}
      </Screen>
    ),
  };
};

/** The longest, in the order they came. */
function shownPhases(all: ShownPhase[]): ShownPhase[] {
  const longest = new Set([...all].sort((a, b) => length(b) - length(a)).slice(0, LISTED_PHASES));
  return all.filter((phase) => longest.has(phase));
}

/** "Mar to Jun" where whole months are meant, "3 Mar to 16 Mar" else; with years where the wrap has several. */
function when({ first_day: first, last_day: last }: ShownPhase, withYear: boolean): string {
  const whole = first.endsWith('-01') && parseDay(last).getUTCMonth() !== new Date(parseDay(last).getTime() + DAY_MS).getUTCMonth();
  const told = (day: string) => (whole ? dayOfMonth(day).replace(/^\d+ /, '') : dayOfMonth(day));
  const [from, to] = [told(first), told(last)];
  if (first === last || (whole && first.slice(0, 7) === last.slice(0, 7))) return withYear ? `${from} ${first.slice(0, 4)}` : from;
  if (!withYear) return `${from} to ${to}`;
  const [begins, ends] = [first.slice(0, 4), last.slice(0, 4)];
  return begins === ends ? `${from} to ${to} ${ends}` : `${from} ${begins} to ${to} ${ends}`;
}

/** The week that one track owned; where there was none, the day. */
export const obsession: Chapter = (wrap) => {
  const { burst, obsession: once } = wrap;
  if (burst) {
    const last = isoDay(new Date(parseDay(burst.first_day).getTime() + 6 * DAY_MS));
    // what follows the seven days is not known, or not of this time
    const isLast = last >= wrap.span.last_day || (wrap.told_on != null && last >= wrap.told_on);
    return {
      name: 'Obsession',
      render: () => (
        <Screen
          lead={`In the seven days from ${dayShort(burst.first_day)}, ${burst.track.name} was on`}
          figure={times(burst.listens)}
          after={
            burst.in_all > burst.listens
              ? `In all the rest of this time, ${times(burst.in_all - burst.listens)}.`
              : isLast
                ? 'and on no other day of this time.'
                : 'and then never again, as far as this time goes.'
          }
          picture={<SpanDisc wrap={wrap} lit={(mark) => mark.day >= burst.first_day && mark.day <= last} />}
          note={burst.track.artist ?? undefined}
        />
      ),
    };
  }
  if (!once || once.listens < 3) return null;
  return {
    name: 'Obsession',
    render: () => (
      <Screen
        lead={`On ${dayShort(once.day)} nothing else would do than ${once.track.name}`}
        figure={times(once.listens)}
        after="in one day. It happens."
        picture={<SpanDisc wrap={wrap} lit={(mark) => mark.day === once.day} />}
      />
    ),
  };
};

export const strangeDay: Chapter = (wrap) => {
  const strange = wrap.strange_day;
  if (!strange) return null;
  return {
    name: 'The day unlike the others',
    render: () => (
      <Screen
        lead={`One day was unlike the others: ${dayShort(strange.day)}`}
        figure={`${count(strange.listens)} of ${count(strange.in_all)}`}
        after={`listens went to ${strange.artists === 1 ? strange.artist : `${plural(strange.artists, 'artist')}`} heard on no other day${wrap.span.text === 'all' ? '' : ` ${spanPhrase(wrap.span.text)}`}.`}
        picture={<SpanDisc wrap={wrap} lit={(mark) => mark.day === strange.day} />}
        note={strange.artists > 1 ? `${strange.artist} most of all.` : undefined}
      />
    ),
  };
};

export const longestDay: Chapter = (wrap) => {
  const peak = wrap.peak_day;
  if (!peak || peak.ms_played === 0 || wrap.days.length < 2) return null;
  return {
    name: 'The longest day',
    render: () => (
      <Screen
        lead={`The longest day was ${dayShort(peak.day)}:`}
        figure={duration(peak.ms_played)}
        after={peak.track ? `with ${peak.track.name} the most` : 'of music'}
        picture={<SpanDisc wrap={wrap} lit={(mark) => mark.day === peak.day} />}
      />
    ),
  };
};

const FIRST_HOURS = { night: 0, morning: 6, afternoon: 12, evening: 18 } as const;
const AT = { night: 'at night', morning: 'in the morning', afternoon: 'in the afternoon', evening: 'in the evening' } as const;

/** When: what moved since the time before, else the warmest hour. */
export const clock: Chapter = ({ hours, peak_hour: peak, shift, span }: ShownWrap) => {
  if (!peak) return null;
  const warmest = `${weekTime(peak.weekday, peak.hour)}, ${hour(peak.hour)}`;
  if (shift) {
    const first = FIRST_HOURS[shift.part];
    return {
      name: 'What moved',
      render: () => (
        <Screen
          lead={`${shift.share > shift.before ? 'More' : 'Less'} ${AT[shift.part]} than before:`}
          figure={percent(shift.share)}
          after={`of the listening, between ${first} and ${first + 6} o’clock. In ${previousPhrase(span.text)} it was ${percent(shift.before)}.`}
          picture={<DayClock hours={hours} lit={(at) => at >= first && at < first + 6} className="w-full" />}
          note={`The warmest hour of the week: ${warmest}.`}
        />
      ),
    };
  }
  return {
    name: 'The hour',
    render: () => (
      <Screen
        lead={span.first_day === span.last_day ? 'The hour with the most music began at' : `${capital(weekTime(peak.weekday, peak.hour))} had the most music, from`}
        figure={hour(peak.hour)}
        after={span.first_day === span.last_day ? undefined : 'on: the warmest of the 168 hours of the week'}
        picture={<DayClock hours={hours} className="w-full" />}
      />
    ),
  };
};

export const quiet: Chapter = ({ fell_silent: silent, span }) => {
  if (!silent) return null;
  const left = silent.listens === 0 ? 'This time, silence.' : `This time, ${count(silent.listens)}.`;
  return {
    name: 'What fell silent',
    render: () => (
      <Screen
        lead="Somebody fell silent:"
        figure={silent.artist}
        after={`Number ${silent.rank_before} by listens in ${previousPhrase(span.text)}, with ${plural(silent.listens_before, 'listen')}. ${left}`}
        picture={<Fading className="w-full" />}
      />
    ),
  };
};
