import { useReadPatterns } from '@/api/generated';
import { QueryView } from '@/components/ui/QueryView';
import { Skeleton } from '@/components/ui/States';
import { DueBack } from './DueBack';
import { RoutineAndPhases } from './RoutineAndPhases';

/** What counting alone knows: routine, phases, and what is due. It is there also while the model is away. */
export function Patterns() {
  const patterns = useReadPatterns();
  return (
    <QueryView
      query={patterns}
      what="look for routine and phases"
      skeleton={<Skeleton className="h-64 w-full" />}
      empty={(data) => data.as_of === null && <></>}
    >
      {(data) => (
        <div className="space-y-16">
          <RoutineAndPhases patterns={data} />
          <DueBack patterns={data} />
        </div>
      )}
    </QueryView>
  );
}
