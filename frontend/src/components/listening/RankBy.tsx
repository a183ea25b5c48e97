import { useSearchParams } from 'react-router';
import { Tabs } from '@/components/ui/Tabs';

export type Measure = 'listens' | 'time';

/** What lists are ranked by lives in the address (`?by=time`), so that it is the same on the way back. */
export function useRankBy(): [Measure, (by: Measure) => void] {
  const [params, setParams] = useSearchParams();
  const choose = (by: Measure) =>
    setParams(
      (old) => {
        old.set('by', by);
        return old;
      },
      { replace: true, preventScrollReset: true },
    );
  return [params.get('by') === 'time' ? 'time' : 'listens', choose];
}

export function RankBy({ className }: { className?: string }) {
  const [by, choose] = useRankBy();
  return (
    <Tabs
      label="Rank by"
      value={by}
      onChange={choose}
      options={[
        { value: 'listens', label: 'Ranked by listens' },
        { value: 'time', label: 'by time' },
      ]}
      className={className}
    />
  );
}
