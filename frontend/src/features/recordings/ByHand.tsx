import { useState } from 'react';
import type { TrackRef } from '@/api/generated/model';
import { FindTrack } from '@/components/listening/FindTrack';
import { Button } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import type { Care } from './Recordings';

/** Any two tracks of one's library, for what no rule can see: another title, another spelling, another artist. */
export function ByHand({ care }: { care: Care }) {
  const [kept, keep] = useState<TrackRef | null>(null);
  const [other, choose] = useState<TrackRef | null>(null);
  const same = kept !== null && other !== null && kept.id === other.id;
  const ready = kept !== null && other !== null && !same;
  return (
    <Panel title="Two that you know are one" note="A title in another language, a typing error, a re-release: no rule sees these, you do.">
      <form
        className="max-w-lg space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready) return;
          care.merge([{ track_id: other.id, into: kept.id }], 'by_hand');
          keep(null);
          choose(null);
        }}
      >
        <FindTrack label="The one that stays" chosen={kept} onChoose={keep} />
        <FindTrack label="The one that counts as it" chosen={other} onChoose={choose} />
        {same && <p role="alert">That is the same track twice.</p>}
        <Button type="submit" busy={care.busy} disabled={!ready}>
          Count these together
        </Button>
      </form>
    </Panel>
  );
}
