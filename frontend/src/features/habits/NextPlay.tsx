import type { NextPlay as NextPlayData } from '@/api/generated/model';
import { Panel } from '@/components/ui/Panel';
import { percent } from '@/lib/format';

const KINDS: { kind: keyof NextPlayData; words: string; look: string }[] = [
  { kind: 'again', words: 'once more, from this session', look: 'bg-signal' },
  { kind: 'known', words: 'something you know', look: 'bg-signal/60' },
  { kind: 'new_track', words: 'a new track by an artist you know', look: 'bg-counter/60' },
  { kind: 'new_artist', words: 'somebody new', look: 'bg-counter' },
];

/** If the needle went down now: something known, or something new. */
export function NextPlay({ next }: { next: NextPlayData }) {
  const fresh = next.new_track + next.new_artist;
  return (
    <Panel title={`${percent(fresh)} that the next track is new to you`} note="What your latest 5,000 plays do not hold counts as new.">
      <div className="mt-2 flex h-4 gap-px overflow-hidden rounded-round" aria-hidden>
        {KINDS.map(({ kind, look }) => (
          <div key={kind} className={look} style={{ width: `${100 * next[kind]}%` }} />
        ))}
      </div>
      <dl className="mt-3 space-y-1">
        {KINDS.map(({ kind, words, look }) => (
          <div key={kind} className="flex items-baseline gap-2">
            <span aria-hidden className={`size-2.5 shrink-0 rounded-round ${look}`} />
            <dt className="grow text-muted">{words}</dt>
            <dd className="tabular-nums">{percent(next[kind])}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
