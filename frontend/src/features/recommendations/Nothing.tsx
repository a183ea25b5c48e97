import { Link } from 'react-router';
import { useGetSpans } from '@/api/generated';
import type { Recommendations } from '@/api/generated/model';
import { NothingYet } from '@/components/listening/NothingYet';
import { ButtonLink } from '@/components/ui/Button';
import { Empty, SkeletonRows } from '@/components/ui/States';

const WITH_A_HISTORY: Record<Exclude<Recommendations['wish'], 'discover'>, string> = {
  comfort: 'Of all that you have played, nothing is left to suggest. What you hid comes back from your settings.',
  hour: 'Nothing of yours stands out at this time of day yet. Another hour may.',
  rediscover: 'No favourite of yours has been silent for three months. That is good news for all of them.',
};

/** Where a wish brings nothing: why, and what would. */
export function Nothing({ wish }: { wish: Recommendations['wish'] }) {
  const spans = useGetSpans();
  if (spans.isPending) return <SkeletonRows />;
  if (spans.data && !spans.data.first_day) {
    return <NothingYet>There is nothing to suggest for this wish yet. Plays give it something to go by.</NothingYet>;
  }
  if (wish !== 'discover') return <Empty title="Nothing to suggest">{WITH_A_HISTORY[wish]}</Empty>;
  return (
    <Empty
      title="You have heard all that is known here"
      action={
        <>
          <ButtonLink look="signal" to="/sound">
            Bring audio files
          </ButtonLink>
          <ButtonLink to="/for-you?wish=comfort">What you love already</ButtonLink>
        </>
      }
    >
      This Tonearm knows no music that you have not played. Audio files of yours bring some, and so does a folder of audio
      that whoever runs this server names:{' '}
      <Link to="/sound" className="text-ink underline">
        Sound
      </Link>{' '}
      tells whether one is set. And what other listeners here play becomes a suggestion for you, once two of them play it.
    </Empty>
  );
}
