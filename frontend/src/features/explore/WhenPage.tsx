import { useTitle } from '@/lib/useTitle';
import { ThroughTime } from '@/components/listening/ThroughTime';
import { WeekClock } from '@/components/listening/WeekClock';
import { Days } from './Days';
import { useExplored } from './ExploreLayout';
import { Page } from './Page';
import { Sessions } from './Sessions';
import { Streaks } from './Streaks';

/** Days, hours, sessions and streaks. */
export function WhenPage() {
  useTitle('When you listen');
  const { span, against, choose } = useExplored();
  return (
    <Page title="When you listen">
      <Days span={span} against={against} onChoose={choose} />
      <div className="grid gap-x-12 gap-y-16 lg:grid-cols-[1.3fr_1fr]">
        <WeekClock span={span} against={against} />
        <ThroughTime span={span} against={against} onChoose={choose} />
      </div>
      <Sessions span={span} against={against} />
      <Streaks span={span} against={against} />
    </Page>
  );
}
