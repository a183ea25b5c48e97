import { keepPreviousData } from '@tanstack/react-query';
import { useGetTop } from '@/api/generated';
import type { TopItem } from '@/api/generated/model';
import { ButtonLink } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { SkeletonRows } from '@/components/ui/States';
import { count, plural } from '@/lib/format';
import { spanPhrase } from '@/lib/span';
import { Gone } from './Gone';
import { RankBy, useRankBy, type Measure } from './RankBy';
import { RankedList, rankedLink } from './RankedList';

type Kind = 'tracks' | 'artists' | 'albums';

const KINDS: Kind[] = ['artists', 'tracks', 'albums'];
const FEW = 7;

/** The most played of each kind, with their movement since the span before; counted in listens or in time. */
export function Tops({ span, against = null }: { span: string; against?: string | null }) {
  const [by] = useRankBy();
  return (
    <div className="mt-14">
      <RankBy className="mb-5" />
      <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2 xl:grid-cols-3">
        {KINDS.map((kind) => (
          <Ranking key={kind} kind={kind} span={span} against={against} by={by} />
        ))}
      </div>
    </div>
  );
}

function Ranking({ kind, span, against, by }: { kind: Kind; span: string; against: string | null; by: Measure }) {
  const top = useGetTop(kind, { span, by, limit: FEW, ...(against && { against }) }, { query: { placeholderData: keepPreviousData } });
  return (
    <QueryView
      query={top}
      what={`rank your ${kind}`}
      skeleton={
        <Panel title={`Your ${kind}`}>
          <SkeletonRows rows={FEW} />
        </Panel>
      }
    >
      {({ items, total }) => (
        <Panel title={answer(kind, items[0], span)} note={`${plural(total, kind.slice(0, -1))} in all`}>
          <RankedList items={items} by={by} linkTo={rankedLink(kind, span)} />
          {against && <Gone kind={kind} by={by} span={span} against={against} />}
          {total > FEW && (
            <ButtonLink look="quiet" className="mt-3 -ml-4" to={`/top/${kind}?${String(new URLSearchParams({ span, by, ...(against && { against }) }))}`}>
              All {count(total)} {kind}
            </ButtonLink>
          )}
        </Panel>
      )}
    </QueryView>
  );
}

function answer(kind: Kind, first: TopItem | undefined, span: string): string {
  if (!first) return `No ${kind} ${spanPhrase(span)}`;
  const climbed = first.previous_rank && first.previous_rank > 1 ? `, up from ${first.previous_rank}` : '';
  const stayed = first.previous_rank === 1 ? ' again' : '';
  switch (kind) {
    case 'artists':
      return `${first.name} was your artist${stayed}${climbed}`;
    case 'tracks':
      return `You came back to ${first.name} most${climbed}`;
    default:
      return `${first.name} was the album${stayed}${climbed}`;
  }
}
