import { useState } from 'react';
import { useGetObsessions } from '@/api/generated';
import type { ObsessionStretch } from '@/api/generated/model';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { SpanBars } from '@/components/charts/SpanBars';
import { QueryView } from '@/components/ui/QueryView';
import { Tabs } from '@/components/ui/Tabs';
import { count, dayShort, percent, plural } from '@/lib/format';
import { useToday } from '@/lib/useZone';

const SHOWN = 8;
type Kind = 'artists' | 'tracks';
const KINDS: { value: Kind; label: string }[] = [
  { value: 'artists', label: 'Artists' },
  { value: 'tracks', label: 'Tracks' },
];

/** Stretches of days that one track or one artist took over. */
export function Obsessions({ span }: { span: string }) {
  const [kind, setKind] = useState<Kind>('artists');
  const today = useToday();
  const obsessions = useGetObsessions({ span });
  return (
    <QueryView query={obsessions} what="find your obsessions" empty={(data) => data.tracks.length + data.artists.length === 0 && <></>}>
      {(data) => {
        const kinds = KINDS.filter(({ value }) => data[value].length > 0);
        const shown = data[kind].length > 0 ? kind : (kinds[0]?.value ?? kind);
        const stretches = data[shown];
        const [first] = stretches;
        if (!first) return null;
        const bars = stretches.slice(0, SHOWN).sort((a, b) => a.first_day.localeCompare(b.first_day));
        return (
          <ChartFrame
            title={`${nameOf(first)} took over for ${plural(first.days, 'day')}`}
            note={`${plural(first.listens, 'listen')} from ${dayShort(first.first_day)} to ${dayShort(first.last_day)}, ${percent(first.share)} of all in these days.`}
            table={{
              columns: ['', 'From', 'To', 'Days', 'Listens', 'Share'],
              rows: stretches.map((one) => [
                nameOf(one),
                dayShort(one.first_day),
                dayShort(one.last_day),
                count(one.days),
                count(one.listens),
                percent(one.share),
              ]),
            }}
          >
            {kinds.length > 1 && <Tabs label="Obsessions with" value={shown} onChange={setKind} options={kinds} className="mb-4" />}
            <SpanBars
              label="Obsessions, oldest first"
              firstDay={data.span.first_day}
              lastDay={data.span.last_day < today ? data.span.last_day : today}
              bars={bars.map((one) => ({
                key: `${nameOf(one)} ${one.first_day}`,
                name: nameOf(one),
                to: one.track ? `/tracks/${one.track.id}` : `/artists/${one.artist?.id ?? ''}`,
                firstDay: one.first_day,
                lastDay: one.last_day,
                told: `${plural(one.days, 'day')}, ${plural(one.listens, 'listen')}`,
                behind: `/history?span=${one.first_day}..${one.last_day}&${one.track ? `track_id=${one.track.id}` : `artist_id=${one.artist?.id ?? ''}`}`,
                weight: one.share,
              }))}
            />
          </ChartFrame>
        );
      }}
    </QueryView>
  );
}

const nameOf = ({ track, artist }: ObsessionStretch): string => track?.name ?? artist?.name ?? '';
