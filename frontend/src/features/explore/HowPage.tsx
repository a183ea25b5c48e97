import { useGetWays } from '@/api/generated';
import { QueryView } from '@/components/ui/QueryView';
import { useTitle } from '@/lib/useTitle';
import { Completion } from './Completion';
import { Endings } from './Endings';
import { useExplored } from './ExploreLayout';
import { Page } from './Page';
import { Places } from './Places';
import { Skips } from './Skips';

/** What is skipped and finished, how plays begin and end, on what and where. */
export function HowPage() {
  useTitle('How you listen');
  const { span, against, choose } = useExplored();
  const ways = useGetWays({ span });
  const other = useGetWays({ span: against ?? span }, { query: { enabled: against !== null } });
  const beside = against === null ? null : (other.data ?? null);
  return (
    <Page title="How you listen">
      <QueryView
        query={ways}
        what="look at how you listen"
        empty={(data) => data.plays === 0 && <p className="text-muted">Nothing was played in this time.</p>}
      >
        {(data) => (
          <>
            <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
              <Skips data={data} beside={beside} against={against} onChoose={choose} />
              <Completion data={data.completion} beside={beside?.completion ?? null} against={against} />
            </div>
            <Endings data={data} beside={beside} against={against} />
          </>
        )}
      </QueryView>
      <Places span={span} against={against} />
    </Page>
  );
}
