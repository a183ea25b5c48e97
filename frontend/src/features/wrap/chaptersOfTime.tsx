import type { ShownPhase, ShownWrap } from '@/api/generated/model';
import { DayClock, Fading, Stretches } from '@/components/groove/pictures';
import { capital, count, dayOfMonth, dayShort, duration, hour, parseDay, percent, plural, times, weekTime } from '@/lib/format';
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
  if (all.length < 2) return null;
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
        figure={times(all.length - 1)}
        after={`${longest.artist} held it longest, ${when(longest)}.`}
        picture={<Stretches stretches={stretches} className="w-full" />}
      >
        <ol className="mt-[min(1.25rem,2.4dvh)] space-y-1 short:space-y-0">
          {shownPhases(all).map((phase) => (
            <li key={phase.first_day} className="flex gap-3">
              <span className="w-32 shrink-0 text-muted">{when(phase)}</span>
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

/** "Mar to Jun" where whole months are meant, "3 to 16 Mar" else; the year is the wrap's own. */
function when({ first_day: first, last_day: last }: ShownPhase): string {
  const month = (day: string) => dayOfMonth(day).split(' ')[1] ?? '';
  const whole = first.endsWith('-01') && parseDay(last).getUTCMonth() !== new Date(parseDay(last).getTime() + DAY_MS).getUTCMonth();
  if (whole) {
    return first.slice(0, 7) === last.slice(0, 7) ? month(first) : `${month(first)} to ${month(last)}`;
  }
  return first === last ? dayOfMonth(first) : `${dayOfMonth(first)} to ${dayOfMonth(last)}`;
}

/** The week that one track owned; where there was none, the day. */
export const obsession: Chapter = (wrap) => {
  const { burst, obsession: once } = wrap;
  if (burst) {
    const end = new Date(parseDay(burst.first_day).getTime() + 7 * DAY_MS).toISOString().slice(0, 10);
    return {
      name: 'Obsession',
      render: () => (
        <Screen
          lead={`In the seven days from ${dayShort(burst.first_day)}, ${burst.track.name} was on`}
          figure={times(burst.listens)}
          after={
            burst.in_all === burst.listens
              ? 'and then never again, as far as this time goes.'
              : `In all the rest of this time, ${times(burst.in_all - burst.listens)}.`
          }
          picture={<SpanDisc wrap={wrap} lit={(mark) => mark.day >= burst.first_day && mark.day < end} />}
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
        after={`listens went to ${strange.artists === 1 ? strange.artist : `${plural(strange.artists, 'artist')}`} heard on no other day ${spanPhrase(wrap.span.text)}.`}
        picture={<SpanDisc wrap={wrap} lit={(mark) => mark.day === strange.day} />}
        note={strange.artists > 1 ? `${strange.artist} most of all.` : undefined}
      />
    ),
  };
};

export const longestDay: Chapter = (wrap) => {
  const peak = wrap.peak_day;
  if (!peak || peak.ms_played === 0 || wrap.span.first_day === wrap.span.last_day) return null;
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
        lead={`${capital(weekTime(peak.weekday, peak.hour))} had the most music, from`}
        figure={hour(peak.hour)}
        after="on: the warmest of the 168 hours of the week"
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
        after={`Number ${silent.rank_before} in ${previousPhrase(span.text)}, with ${plural(silent.listens_before, 'listen')}. ${left}`}
        picture={<Fading className="w-full" />}
      />
    ),
  };
};
