import { Link, useSearchParams } from 'react-router';
import { useReadRecommendations } from '@/api/generated';
import type { Recommendations } from '@/api/generated/model';
import { MakePlaylist } from '@/components/listening/MakePlaylist';
import { ModelNote } from '@/components/listening/ModelNote';
import { useVerdicts } from '@/components/listening/useVerdicts';
import { PageHead } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { SkeletonRows } from '@/components/ui/States';
import { Tabs } from '@/components/ui/Tabs';
import { useTitle } from '@/lib/useTitle';
import { Nothing } from './Nothing';
import { Suggestion } from './Suggestion';

const WISHES: { value: Recommendations['wish']; label: string; lead: string }[] = [
  { value: 'discover', label: 'Discover', lead: 'Never heard by you, and likely to be yours.' },
  { value: 'comfort', label: 'Comfort', lead: 'What you love already, for right now.' },
  { value: 'hour', label: 'This hour', lead: 'What you like to hear at this time of day.' },
  { value: 'rediscover', label: 'Rediscover', lead: 'What you loved and left, and may be glad of again.' },
];

const HOW_MANY = 20;

/** What to play next, each with its why. */
export function ForYouPage() {
  useTitle('For you');
  const [params, setParams] = useSearchParams();
  const asked = WISHES.find((entry) => entry.value === params.get('wish'))?.value;
  const first = useReadRecommendations({ wish: 'discover', limit: HOW_MANY }, { query: { enabled: asked === undefined } });
  // who has heard all that is known here begins with what they love, and may still ask for something new
  const chosen = asked ?? (first.data?.items.length === 0 ? 'comfort' : 'discover');
  const wish = WISHES.find((entry) => entry.value === chosen);
  const answer = useReadRecommendations({ wish: chosen, limit: HOW_MANY });
  const { verdictOn, give } = useVerdicts();

  return (
    <>
      <PageHead
        title="For you"
        lead={wish?.lead}
        control={
          <Tabs
            label="What you wish for"
            value={chosen}
            onChange={(value) => setParams({ wish: value }, { preventScrollReset: true })}
            options={WISHES}
          />
        }
      />
      <QueryView
        query={answer}
        what="find tracks for you"
        skeleton={<SkeletonRows rows={8} />}
        empty={(data) => data.items.length === 0 && <Nothing wish={chosen} />}
      >
        {(data) => {
          const shown = data.items.filter((item) => verdictOn(item) !== 'hide');
          return (
            <>
              <div className="mb-6 flex flex-wrap items-center justify-between gap-4">
                <ModelNote model={data.model} />
                {shown.length > 0 && (
                  <MakePlaylist
                    suggested={`${wish?.label ?? 'For you'}, ${new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long' })}`}
                    ids={shown.map((item) => item.track.id)}
                  />
                )}
              </div>
              <ol className="grid gap-x-12 lg:grid-cols-2">
                {shown.map((item) => (
                  <Suggestion
                    key={item.track.id}
                    item={item}
                    loved={verdictOn(item) === 'love'}
                    onVerdict={(verdict) => give(item.track, verdict)}
                  />
                ))}
              </ol>
              <p className="mt-8 text-muted">
                <Link to="/loved" className="text-ink underline">
                  What you love
                </Link>{' '}
                is kept in one list, and stands higher here. What you hid is listed in{' '}
                <Link to="/settings#hidden-tracks" className="text-ink underline">
                  your settings
                </Link>
                , with the way back.
              </p>
            </>
          );
        }}
      </QueryView>
    </>
  );
}
