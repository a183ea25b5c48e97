import { spanLabel } from '@/lib/span';
import { useTitle } from '@/lib/useTitle';
import { Discoveries } from './Discoveries';
import { useExplored } from './ExploreLayout';
import { Milestones } from './Milestones';
import { Obsessions } from './Obsessions';
import { Page } from './Page';
import { Returns } from './Returns';

/** What was new, what took over, what came back and what was left behind. */
export function NewPage() {
  useTitle('New and back');
  const { span, against, choose } = useExplored();
  return (
    <Page title="New, and back again">
      <Discoveries span={span} against={against} onChoose={choose} />
      {against && <p className="text-muted">What follows is told of {span === 'all' ? 'all time' : spanLabel(span)} alone.</p>}
      <Obsessions span={span} />
      <Returns span={span} />
      <Milestones span={span} />
    </Page>
  );
}
