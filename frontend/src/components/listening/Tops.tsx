import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { useGetTop } from '@/api/generated';
import type { TopItem } from '@/api/generated/model';
import { RankedList } from '@/components/listening/RankedList';
import { Button } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { SkeletonRows } from '@/components/ui/States';
import { Tabs } from '@/components/ui/Tabs';
import { plural } from '@/lib/format';
import { spanPhrase } from '@/lib/span';

type Kind = 'tracks' | 'artists' | 'albums';
type Measure = 'listens' | 'time';

const KINDS: Kind[] = ['artists', 'tracks', 'albums'];
const FEW = 7;
const MANY = 50;

/** The most played of each kind, with their movement since the span before; counted in listens or in time. */
export function Tops({ span, against = null }: { span: string; against?: string | null }) {
  const [by, setBy] = useState<Measure>('listens');
  return (
    <div className="mt-14">
      <Tabs
        label="Rank by"
        value={by}
        onChange={setBy}
        options={[
          { value: 'listens', label: 'Ranked by listens' },
          { value: 'time', label: 'by time' },
        ]}
        className="mb-5"
      />
      <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2 xl:grid-cols-3">
        {KINDS.map((kind) => (
          <Ranking key={kind} kind={kind} span={span} against={against} by={by} />
        ))}
      </div>
    </div>
  );
}

function Ranking({ kind, span, against, by }: { kind: Kind; span: string; against: string | null; by: Measure }) {
  const [limit, setLimit] = useState(FEW);
  const top = useGetTop(kind, { span, by, limit, ...(against && { against }) }, { query: { placeholderData: keepPreviousData } });
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
          <RankedList items={items} by={by} linkTo={linkOf(kind)} />
          {total > FEW && (
            <Button look="quiet" className="mt-3 -ml-4" onClick={() => setLimit(limit === FEW ? MANY : FEW)}>
              {limit === FEW ? 'Show more' : 'Show fewer'}
            </Button>
          )}
        </Panel>
      )}
    </QueryView>
  );
}

const linkOf = (kind: Kind) => (item: TopItem) => `/${kind}/${item.id}`;

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
