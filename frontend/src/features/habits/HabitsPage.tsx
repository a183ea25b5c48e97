import { useReadHabits } from '@/api/generated';
import { ModelNote } from '@/components/listening/ModelNote';
import { NothingYet } from '@/components/listening/NothingYet';
import { PageHead } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { Skeleton } from '@/components/ui/States';
import { useTitle } from '@/lib/useTitle';
import { ComingWeek } from './ComingWeek';
import { LikelySkips } from './LikelySkips';
import { NextArtists } from './NextArtists';
import { NextPlay } from './NextPlay';
import { NextSession } from './NextSession';
import { Patterns } from './Patterns';
import { SurprisingDays } from './SurprisingDays';

/** What the habit model has learnt: the week to come, what gets skipped, the days that broke the pattern. */
export function HabitsPage() {
  useTitle('Habits');
  const habits = useReadHabits();
  return (
    <>
      <PageHead
        title="Your habits"
        lead={habits.data?.routine ?? 'What you are likely to do next, and how sure anybody can be of it.'}
      />
      <QueryView
        query={habits}
        what="read your habits"
        skeleton={
          <div role="status" aria-label="Loading" className="space-y-6">
            <Skeleton className="h-64 w-full" />
            <Skeleton className="h-40 w-2/3" />
          </div>
        }
        empty={(data) =>
          data.forecast.length === 0 && (
            <NothingYet>Habits need something to be learnt from. Some weeks of plays are enough.</NothingYet>
          )
        }
      >
        {(data) => (
          <div className="space-y-16">
            <div className="grid gap-x-12 gap-y-12 lg:grid-cols-[2fr_1fr]">
              <ComingWeek forecast={data.forecast} ended={data.history_ended} />
              <div className="min-w-0 space-y-12">
                {data.next_session && <NextSession next={data.next_session} />}
                {data.next_play && !data.history_ended && <NextPlay next={data.next_play} />}
              </div>
            </div>
            <div className="grid gap-x-12 gap-y-12 lg:grid-cols-2">
              {!data.history_ended && <NextArtists artists={data.next_artists} />}
              <div className="min-w-0 space-y-12">
                <LikelySkips skips={data.likely_skips} />
                <SurprisingDays days={data.surprising_days} />
              </div>
            </div>
            <ModelNote model={data.model} />
            <Patterns />
          </div>
        )}
      </QueryView>
    </>
  );
}
