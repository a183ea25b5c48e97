import { useGetTop, useGetTotals } from '@/api/generated';
import { BarList } from '@/components/charts/BarList';
import { ButtonLink } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { count, duration, plural } from '@/lib/format';
import { spanPhrase } from '@/lib/span';

const LIMIT = 8;

/** Podcasts and audiobooks, counted apart from music. */
export function Spoken({ span }: { span: string }) {
  const totals = useGetTotals({ span });
  const spoken = totals.data?.spoken;
  if (!spoken || spoken.plays === 0) return null;
  return (
    <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
      <Kind kind="podcasts" title={`${duration(spoken.ms_played)} were spoken ${spanPhrase(span)}`} span={span} note="Podcasts and audiobooks; none of it counts as music." />
      <Kind kind="audiobooks" title="Books, read to you" span={span} />
    </div>
  );
}

function Kind({ kind, title, span, note }: { kind: 'podcasts' | 'audiobooks'; title: string; span: string; note?: string }) {
  const top = useGetTop(kind, { span, by: 'time', limit: LIMIT });
  return (
    <QueryView query={top} what={`rank your ${kind}`} empty={(data) => data.items.length === 0 && <></>}>
      {({ items, total }) => (
        <Panel title={title} note={note}>
          <BarList
            label={`Most heard ${kind}`}
            bars={items.map((item) => ({
              key: String(item.id),
              name: item.name,
              by: plural(item.plays, 'play'),
              value: item.ms_played,
              told: duration(item.ms_played),
            }))}
          />
          {kind === 'podcasts' && total > LIMIT && (
            <ButtonLink look="quiet" className="mt-3 -ml-4" to={`/top/podcasts?span=${span}`}>
              All {count(total)} podcasts
            </ButtonLink>
          )}
        </Panel>
      )}
    </QueryView>
  );
}
