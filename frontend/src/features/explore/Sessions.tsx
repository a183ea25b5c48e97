import { useGetSessions } from '@/api/generated';
import type { LengthBand, Session, SessionEdge, Sessions as SessionsData } from '@/api/generated/model';
import { BarList } from '@/components/charts/BarList';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { Columns } from '@/components/charts/Columns';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { capital, count, duration, hour, moment, percent, plural, times } from '@/lib/format';
import { duringPhrase, spanLabel } from '@/lib/span';
import { useZone } from '@/lib/useZone';
import { localDay } from '@/lib/zone';

const SHOWN = 5;

/** How long the music stays on once it is on. */
export function Sessions({ span, against }: { span: string; against: string | null }) {
  const sessions = useGetSessions({ span });
  const other = useGetSessions({ span: against ?? span }, { query: { enabled: against !== null } });
  const beside = against === null ? null : (other.data ?? null);
  const name = against && beside && spanLabel(against);
  return (
    <QueryView query={sessions} what="put your sessions together" empty={(data) => data.count === 0 && <></>}>
      {(data) => (
        <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
          <Lengths data={data} beside={beside} name={name} during={against && capital(duringPhrase(against))} />
          <Beginnings data={data} beside={beside} name={name} />
          <Longest sessions={data.longest} />
          <Edges title={openerTitle(data.first_tracks)} edges={data.first_tracks} label="Tracks that sessions begin with" />
        </div>
      )}
    </QueryView>
  );
}

interface PartProps {
  data: SessionsData;
  beside: SessionsData | null;
  name: string | null;
}

const ofMinutes = (value: number): string => duration(Math.round(value) * 60_000);

function Lengths({ data, beside, name, during }: PartProps & { during: string | null }) {
  const share = (bands: LengthBand[], index: number) => {
    const all = bands.reduce((sum, band) => sum + band.sessions, 0);
    return (bands[index]?.sessions ?? 0) / Math.max(1, all);
  };
  return (
    <ChartFrame
      title={
        data.count === 1
          ? `One session, of ${ofMinutes(data.median_minutes ?? 0)}`
          : `A session lasts ${ofMinutes(data.median_minutes ?? 0)}, half of them longer`
      }
      note={`${plural(data.count, 'session')}. One ends where nothing begins for ${data.gap_minutes} minutes.${beside && during ? ` ${during}: ${ofMinutes(beside.median_minutes ?? 0)}.` : ''}`}
      table={{
        columns: ['Length', 'Sessions', 'Share', ...(name ? [name] : [])],
        rows: data.lengths.map((band, index) => [
          bandName(band),
          count(band.sessions),
          percent(share(data.lengths, index)),
          ...(beside ? [percent(share(beside.lengths, index))] : []),
        ]),
      }}
    >
      <Columns
        label="Sessions by length"
        columns={data.lengths.map((band, index) => ({
          key: bandName(band),
          tick: band.to_minutes === null ? `${short(band.from_minutes)}+` : short(band.from_minutes),
          value: share(data.lengths, index),
          other: beside ? share(beside.lengths, index) : undefined,
          told: `${bandName(band)}: ${plural(band.sessions, 'session')}, ${percent(share(data.lengths, index))}`,
        }))}
        rest={name ? `Shares of all sessions; the blue lines are ${name}.` : 'Sessions by how long they lasted.'}
      />
    </ChartFrame>
  );
}

const short = (minutes: number): string => (minutes >= 60 ? `${minutes / 60} h` : `${minutes}`);

function bandName({ from_minutes: from, to_minutes: to }: LengthBand): string {
  if (to === null) return `${ofMinutes(from)} and longer`;
  return from === 0 ? `under ${ofMinutes(to)}` : `${ofMinutes(from)} to ${ofMinutes(to)}`;
}

function Beginnings({ data, beside, name }: PartProps) {
  const all = Math.max(1, data.count);
  const most = data.begins_by_hour.indexOf(Math.max(...data.begins_by_hour));
  return (
    <ChartFrame
      title={`The needle goes down most between ${hour(most)} and ${hour((most + 1) % 24)}`}
      table={{
        columns: ['Hour', 'Sessions that begin', ...(name ? [name] : [])],
        rows: data.begins_by_hour.map((value, at) => [hour(at), count(value), ...(beside ? [count(beside.begins_by_hour[at] ?? 0)] : [])]),
      }}
    >
      <Columns
        label="Sessions by the hour they begin"
        columns={data.begins_by_hour.map((value, at) => ({
          key: String(at),
          tick: at % 6 === 0 ? hour(at) : '',
          value: value / all,
          other: beside ? (beside.begins_by_hour[at] ?? 0) / Math.max(1, beside.count) : undefined,
          lit: at === most,
          told: `${hour(at)}: ${plural(value, 'session')}, ${percent(value / all)}`,
        }))}
        rest={name ? `Shares of all beginnings; the blue lines are ${name}.` : 'Sessions by the hour of their first song.'}
      />
    </ChartFrame>
  );
}

function Longest({ sessions }: { sessions: Session[] }) {
  const zone = useZone();
  const [first] = sessions;
  if (!first) return null;
  return (
    <Panel title={`The longest went on for ${ofMinutes(first.minutes)}`}>
      <BarList
        label="The longest sessions"
        bars={sessions.slice(0, SHOWN).map((session) => ({
          key: session.started_at,
          name: moment(session.started_at, zone),
          by: `${session.first_track.name} to ${session.last_track.name}`,
          value: session.minutes,
          told: ofMinutes(session.minutes),
          behind: `/history?span=${localDay(session.started_at, zone)}`,
        }))}
      />
    </Panel>
  );
}

function openerTitle([first]: SessionEdge[]): string {
  return first && first.sessions > 1 ? `${first.track.name} opened ${times(first.sessions)}` : 'No song opens twice';
}

function Edges({ title, edges, label }: { title: string; edges: SessionEdge[]; label: string }) {
  return (
    <Panel title={title}>
      <BarList
        label={label}
        bars={edges.slice(0, SHOWN).map(({ track, sessions }) => ({
          key: String(track.id),
          name: track.name,
          by: track.artist.name,
          to: `/tracks/${track.id}`,
          value: sessions,
          told: times(sessions),
        }))}
      />
    </Panel>
  );
}
