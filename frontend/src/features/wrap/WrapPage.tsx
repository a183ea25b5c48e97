import { useCallback } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useGetShownWrap } from '@/api/generated';
import { ButtonLink } from '@/components/ui/Button';
import { Empty, Trouble } from '@/components/ui/States';
import { Disc } from '@/components/groove/Disc';
import { duringPhrase, spanKind, spanNoun } from '@/lib/span';
import { useTitle } from '@/lib/useTitle';
import { Ending } from './Ending';
import { WrapPlayer } from './WrapPlayer';

/** One's own month, year or any other time as a story. */
export function WrapPage() {
  const { span = '' } = useParams();
  useTitle(`Wrap of ${spanNoun(span)}`);
  const navigate = useNavigate();
  const close = useCallback(() => void navigate(`/home?span=${span}`), [navigate, span]);
  const fits = spanKind(span) !== null;
  const wrap = useGetShownWrap(span, undefined, { query: { enabled: fits } });

  if (!fits || wrap.data?.silent) {
    return (
      <Centre>
        <Empty title={fits ? `Silence ${duringPhrase(span)}` : 'No wrap by that name'} action={<ButtonLink look="signal" to="/wraps">See all wraps</ButtonLink>}>
          {fits ? 'No listen is known from this time, so there is nothing to tell.' : 'A wrap tells of a day, a month, a year or the days between two dates.'}
        </Empty>
      </Centre>
    );
  }
  if (wrap.data) return <WrapPlayer wrap={wrap.data} mine ending={<Ending wrap={wrap.data} mine />} onClose={close} />;
  if (wrap.isError) {
    return (
      <Centre>
        <Trouble error={wrap.error} what="put this wrap together" onRetry={() => void wrap.refetch()} />
      </Centre>
    );
  }
  return (
    <Centre>
      <div role="status" className="text-center">
        <Disc grooves={18} turning className="mx-auto w-56" />
        <p className="mt-6 text-muted">Lowering the arm on {spanNoun(span)}</p>
      </div>
    </Centre>
  );
}

export function Centre({ children }: { children: React.ReactNode }) {
  return <main className="grid min-h-dvh place-items-center p-6">{children}</main>;
}
