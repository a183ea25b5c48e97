import type { PlayReason, ShareTold } from '@/api/generated/model';
import { BarList, type Bar } from '@/components/charts/BarList';
import { Panel } from '@/components/ui/Panel';
import { capital, percent, plural } from '@/lib/format';
import { duringPhrase } from '@/lib/span';
import { began, ended } from '@/lib/reasons';
import { Tracks, type WaysProps } from './Skips';

const SHOWN = 6;

/** How plays begin and end, and in which ways. */
export function Endings({ data, beside, against }: WaysProps) {
  const [start] = data.began;
  const [end] = data.ended;
  return (
    <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
      <Panel title={start?.reason ? `A play begins because ${began(start.reason)}` : 'How plays begin, nobody told'}>
        <BarList label="How plays begin" bars={bars(data.began, began, beside?.began, against)} />
      </Panel>
      <Panel title={end?.reason ? `A play ends because ${ended(end.reason)}` : 'How plays end, nobody told'}>
        <BarList label="How plays end" bars={bars(data.ended, ended, beside?.ended, against)} />
      </Panel>
      <Panel title={waysTitle(data.shuffled)} note="Of the plays of which the export tells it.">
        <BarList
          label="Shuffled, offline and private plays"
          most={1}
          bars={[
            way('Shuffled', data.shuffled, beside?.shuffled, against),
            way('Offline', data.offline, beside?.offline, against),
            way('In a private session', data.private, beside?.private, against),
          ].filter((bar): bar is Bar => bar !== null)}
        />
      </Panel>
      {data.most_finished.length > 0 && (
        <Panel title={`${data.most_finished[0]?.track.name ?? ''} was let run to its end most`}>
          <Tracks counts={data.most_finished} label="Tracks finished most" span={data.span.text} />
        </Panel>
      )}
    </div>
  );
}

const bars = (
  reasons: PlayReason[],
  words: (reason: string | null) => string,
  before: PlayReason[] | undefined,
  against: string | null,
): Bar[] =>
  reasons.slice(0, SHOWN).map(({ reason, plays, share }) => ({
    key: reason ?? '',
    name: capital(words(reason)),
    by:
      before && against
        ? `${percent(before.find((one) => one.reason === reason)?.share ?? 0)} ${duringPhrase(against)}`
        : plural(plays, 'play'),
    value: share,
    told: percent(share, share < 0.01 ? 1 : 0),
  }));

function way(name: string, part: ShareTold, old: ShareTold | undefined, against: string | null): Bar | null {
  if (part.share === null) return null;
  const before = old && old.share !== null && against ? `${percent(old.share)} ${duringPhrase(against)}` : plural(part.yes, 'play');
  return { key: name, name, by: before, value: part.share, told: percent(part.share) };
}

function waysTitle({ share }: ShareTold): string {
  if (share === null) return 'Whether you shuffle, nobody told';
  if (share < 0.05) return 'You hardly ever shuffle';
  return share > 0.5 ? `Chance chooses more often than you: ${percent(share)} is shuffled` : `Chance chooses ${percent(share)} of it`;
}
