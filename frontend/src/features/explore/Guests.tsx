import { useGetTop } from '@/api/generated';
import { RankedList, rankedLink } from '@/components/listening/RankedList';
import { ButtonLink } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { count, plural } from '@/lib/format';

const SHOWN = 8;

/** Artists credited with tracks that are filed under somebody else: ranked for themselves, counted nowhere twice. */
export function Guests({ span, against }: { span: string; against: string | null }) {
  const guests = useGetTop('guests', { span, limit: SHOWN, ...(against && { against }) });
  return (
    <QueryView query={guests} what="rank your guests" empty={(data) => data.items.length === 0 && <></>}>
      {({ items, total }) => (
        <Panel
          title={`${items[0]?.name ?? ''} was the guest you heard most`}
          note={`${plural(total, 'artist')} on tracks of others. These listens count for the artist whose track it is.`}
        >
          <RankedList items={items} by="listens" linkTo={rankedLink('guests', span)} />
          {total > SHOWN && (
            <ButtonLink look="quiet" className="mt-3 -ml-4" to={`/top/guests?${String(new URLSearchParams({ span, ...(against && { against }) }))}`}>
              All {count(total)} guests
            </ButtonLink>
          )}
        </Panel>
      )}
    </QueryView>
  );
}
