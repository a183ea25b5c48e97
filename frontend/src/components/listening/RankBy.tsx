import { Tabs } from '@/components/ui/Tabs';
import { useParam } from '@/lib/useParam';

export type Measure = 'listens' | 'time';

/** What lists are ranked by, in the address. */
export function useRankBy(): [Measure, (by: Measure) => void] {
  const [by, choose] = useParam('by');
  return [by === 'time' ? 'time' : 'listens', choose];
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
