import { useGetTimeline } from '@/api/generated';
import type { Timeline as TimelineData } from '@/api/generated/model';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { Timeline, type TimelinePoint } from '@/components/charts/Timeline';
import { QueryView } from '@/components/ui/QueryView';
import { spanLabel } from '@/lib/span';
import { count, dayLong, duration, monthLong, MONTHS } from '@/lib/format';

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
    <QueryView query={timeline} what="lay out your time" empty={(data) => data.points.length < 2 && <></>}>
      {(data) => {
        // only like is laid over like: days over days, months over months
        const beside = against !== null && other.data?.unit === data.unit ? other.data : null;
        const points = pointsOf(data, beside);
        const top = points.reduce((best, point) => (point.value > best.value ? point : best));
        return (
          <ChartFrame
            title={`${data.unit === 'month' ? monthLong(top.key) : dayLong(top.key)} was the loudest`}
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
              unit="listens"
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

const FEWEST_TICKS = 8;

function pointsOf({ unit, points }: TimelineData, beside: TimelineData | null): TimelinePoint[] {
  const every = Math.ceil(points.length / FEWEST_TICKS);
  const years = unit === 'month' && points.length > 15;
  return points.map((point, index) => {
    const month = Number(point.start.slice(5, 7));
    const name = unit === 'month' ? (MONTHS[month - 1] ?? '').slice(0, 3) : String(Number(point.start.slice(8, 10)));
    const tick = years ? (month === 1 ? point.start.slice(0, 4) : '') : index % every === 0 ? name : '';
    return {
      key: point.start,
      value: point.listens,
      other: beside?.points[index]?.listens,
      tick,
      told: `${unit === 'month' ? monthLong(point.start) : dayLong(point.start)}: ${count(point.listens)} listens, ${duration(point.ms_played)}`,
    };
  });
}
