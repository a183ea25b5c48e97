import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { useReadSoundSources } from '@/api/generated';
import type { SoundSource, SoundSources } from '@/api/generated/model';
import { BringSound } from '@/components/listening/BringSound';
import { Button } from '@/components/ui/Button';
import { PageHead, Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { Tabs } from '@/components/ui/Tabs';
import { count, moment } from '@/lib/format';
import { useTitle } from '@/lib/useTitle';
import { useZone } from '@/lib/useZone';
import { heardTitle, OUTCOMES, outcomeWords, SOURCES, sumWords } from './words';

const ASK_AGAIN_MS = 5_000;

/** Where Tonearm hears tracks, and what became of every file. */
export function SoundPage() {
  useTitle('Sound');
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number]['value']>('all');
  const sources = useReadSoundSources(outcome === 'all' ? undefined : { outcome }, {
    query: {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => (state.data?.counts.some((each) => each.outcome === 'waiting') ? ASK_AGAIN_MS : false),
    },
  });
  return (
    <>
      <PageHead
        title="Sound"
        lead="To tell what sounds alike, Tonearm has to hear a track once. It keeps 128 numbers of each and no music."
      />
      <QueryView query={sources} what="fetch where tracks were heard">
        {(data) => (
          <div className="grid gap-x-16 gap-y-14 lg:grid-cols-[minmax(0,22rem)_1fr]">
            <div className="space-y-14">
              <Panel title={heardTitle(data.heard_tracks)}>
                <Sums data={data} />
                {data.model_version === null && (
                  <p className="mt-4 max-w-[46ch] text-muted">
                    No model that hears is served here yet. Whoever runs this server trains one with make train; files of the folder wait for it.
                  </p>
                )}
              </Panel>
              <Panel title="Bring music of your own" note="Matched by tags, else by name and length. 60 MB each at most.">
                <BringSound />
              </Panel>
            </div>
            <Panel
              title="What became of each file"
              note="Your own files, tracks of the audio folder, and previews of what you play. Other files of the folder are counted on the side and named in the server's log only."
            >
              <Tabs label="Show" value={outcome} onChange={setOutcome} options={OUTCOMES} className="mb-4" />
              <Files items={data.items} />
            </Panel>
          </div>
        )}
      </QueryView>
    </>
  );
}

function Sums({ data }: { data: SoundSources }) {
  const off = {
    library: data.has_library ? null : 'no folder is set',
    upload: null,
    deezer: data.has_previews ? null : 'switched off',
  };
  return (
    <dl>
      {(['library', 'upload', 'deezer'] as const).map((source) => (
        <div key={source} className="border-t border-line py-3">
          <dt className="font-medium">{SOURCES[source]}</dt>
          <dd className="text-muted">
            {off[source] && !data.counts.some((each) => each.source === source)
              ? off[source]
              : sumWords(data.counts, source)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const FEW = 20;
/** No answer holds more: the newest. */
const MOST = 200;

function Files({ items }: { items: SoundSource[] }) {
  const zone = useZone();
  const [all, setAll] = useState(false);
  const shown = all ? items : items.slice(0, FEW);
  if (items.length === 0) return <p className="text-muted">There is nothing of that kind.</p>;
  return (
    <>
      <ul>
        {shown.map((item) => (
          <li key={item.id} className="border-t border-line py-3">
            <div className="flex flex-wrap items-baseline justify-between gap-x-6">
              <span className="min-w-0 font-medium break-words">
                {item.track ? (
                  <Link to={`/tracks/${item.track.id}`} className="hover:underline">
                    {item.track.name}, {item.track.artist.name}
                  </Link>
                ) : (
                  (item.name ?? 'A file of the audio folder')
                )}
              </span>
              <span className="text-muted">{outcomeWords(item)}</span>
            </div>
            <p className="text-muted break-words">
              {item.detail ?? [item.track && item.name, moment(item.looked_at, zone)].filter(Boolean).join(', ')}
            </p>
          </li>
        ))}
      </ul>
      {shown.length < items.length && (
        <Button look="quiet" className="mt-2" onClick={() => setAll(true)}>
          {items.length < MOST ? `Show all ${count(items.length)}` : `Show the newest ${count(MOST)}`}
        </Button>
      )}
    </>
  );
}
