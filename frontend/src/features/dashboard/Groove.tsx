import { useGetCalendar, useGetTotals } from '@/api/generated';
import { UncutDisc } from '@/components/groove/Disc';
import { GrooveCalendar } from '@/components/groove/GrooveCalendar';
import { QueryView } from '@/components/ui/QueryView';
import { isoDay, parseDay } from '@/lib/format';
import { useToday } from '@/lib/useZone';

interface GrooveProps {
  span: string;
  onChoose: (span: string) => void;
}

const WEEK_MS = 6 * 86_400_000;

/** The span as the disc it is. */
export function Groove({ span, onChoose }: GrooveProps) {
  const today = useToday();
  const calendar = useGetCalendar({ span });
  const days = useGetTotals({ span }).data?.span;
  return (
    <QueryView query={calendar} what="draw your groove" skeleton={<UncutDisc className="w-full animate-breathe" />}>
      {(data) =>
        days ? (
          <GrooveCalendar
            days={data.days}
            firstDay={days.first_day}
            lastDay={days.last_day}
            today={today}
            onChoose={(mark) => {
              const last = isoDay(new Date(parseDay(mark.day).getTime() + WEEK_MS));
              onChoose(mark.days === 1 ? mark.day : `${mark.day}..${last}`);
            }}
          />
        ) : (
          <UncutDisc className="w-full" />
        )
      }
    </QueryView>
  );
}
