import { useGetTimeline } from '@/api/generated';
import type { Timeline as TimelineData } from '@/api/generated/model';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { ticksOf } from '@/components/charts/ticks';
import { Timeline, type TimelinePoint } from '@/components/charts/Timeline';
import { QueryView } from '@/components/ui/QueryView';
import { spanLabel } from '@/lib/span';
import { count, dayLong, duration, monthLong, plural } from '@/lib/format';

interface ThroughTimeProps {
  span: string;
  against?: string | null;
  onChoose: (span: string) => void;
}

/** The span from left to right: its loud and its quiet times. */
export function ThroughTime({ span, against = null, onChoose }: ThroughTimeProps) {
  const timeline = useGetTimeline({ span });
  const other = useGetTimeline({ span: against ?? span }, { query: { enabled: against !== null } });
  return (
    <QueryView query={timeline} what="lay out your time" empty={(data) => (data.points.length < 2 || data.points.every((point) => point.listens === 0)) && <></>}>
      {(data) => {
        // only like is laid over like: days over days, months over months
        const beside = against !== null && other.data?.unit === data.unit ? other.data : null;
        const points = pointsOf(data, beside);
        const top = points.reduce((best, point) => (point.value > best.value ? point : best));
        return (
          <ChartFrame
            title={`${data.unit === 'month' ? monthLong(top.key) : dayLong(top.key)} had the most listens`}
            table={{
              columns: [data.unit === 'month' ? 'Month' : 'Day', 'Listens', 'Time'],
              rows: data.points.map((point) => [
                data.unit === 'month' ? monthLong(point.start) : dayLong(point.start),
                count(point.listens),
                duration(point.ms_played),
              ]),
            }}
          >
            <Timeline
              label={`Listens per ${data.unit}`}
              told={(value) => plural(value, 'listen')}
              points={points}
              rest={
                beside && against
                  ? `Listens per ${data.unit}. The broken blue line is ${spanLabel(against)}, from its first ${data.unit} on.`
                  : `Listens per ${data.unit}; press a ${data.unit} to open it.`
              }
              onChoose={(key) => onChoose(data.unit === 'month' ? key.slice(0, 7) : key)}
            />
          </ChartFrame>
        );
      }}
    </QueryView>
  );
}

function pointsOf({ unit, points }: TimelineData, beside: TimelineData | null): TimelinePoint[] {
  const ticks = ticksOf(points.map(({ start }) => start), unit);
  return points.map((point, index) => ({
    key: point.start,
    value: point.listens,
    other: beside?.points[index]?.listens,
    tick: ticks[index] ?? '',
    told: `${unit === 'month' ? monthLong(point.start) : dayLong(point.start)}: ${plural(point.listens, 'listen')}, ${duration(point.ms_played)}`,
  }));
}
