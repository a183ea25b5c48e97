import { useListRefusals } from '@/api/generated';
import type { RefusedPair } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { ago, plural } from '@/lib/format';
import { useZone } from '@/lib/useZone';
import type { Care } from './Recordings';

/** Pairs that the listener keeps apart. */
export function Refused({ care }: { care: Care }) {
  const zone = useZone();
  const refusals = useListRefusals();
  return (
    <QueryView query={refusals} what="fetch what you keep apart" empty={(data) => data.items.length === 0 && <></>}>
      {({ items }) => (
        <Panel title={`${plural(items.length, 'pair')} you keep apart`} note="Not suggested any more, because you said they are not the same.">
          <ul aria-label="Pairs kept apart">
            {items.map((pair) => (
              <li key={`${pair.track.id} ${pair.other.id}`} className="flex flex-wrap items-center justify-between gap-x-4 border-t border-line py-2">
                <p className="min-w-0">
                  <Side of={pair.track} /> and <Side of={pair.other} /> <span className="text-muted">{ago(pair.refused_at, zone)}</span>
                </p>
                <Button
                  look="quiet"
                  busy={care.busy}
                  onClick={() => care.askAgain([{ track_id: pair.track.id, into: pair.other.id }])}
                >
                  Ask me again
                </Button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </QueryView>
  );
}

function Side({ of: { name, album, artist } }: { of: RefusedPair['track'] }) {
  return (
    <>
      {name} <span className="text-muted">{album?.name ?? artist.name}</span>
    </>
  );
}
