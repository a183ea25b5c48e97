import { useCallback } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useOpenShare } from '@/api/generated';
import { ButtonLink } from '@/components/ui/Button';
import { Empty, Trouble } from '@/components/ui/States';
import { Disc } from '@/components/groove/Disc';
import { statusOf } from '@/lib/http';
import { useTitle } from '@/lib/useTitle';
import { wrapOfSnapshot } from '@/lib/wrapSnapshot';
import { Ending } from './Ending';
import { Centre } from './WrapPage';
import { WrapPlayer } from './WrapPlayer';

const GONE = [404, 410];

/** A wrap somebody shared by link; anybody who holds the link may look. */
export function SharedPage() {
  const { token = '' } = useParams();
  useTitle('A shared wrap');
  const navigate = useNavigate();
  const close = useCallback(() => void navigate('/'), [navigate]);
  const share = useOpenShare(token);
  const wrap = wrapOfSnapshot(share.data?.wrap);
  if (wrap) return <WrapPlayer wrap={wrap} ending={<Ending wrap={wrap} mine={false} />} onClose={close} />;
  if (share.isError || share.data) {
    return (
      <Centre>
        {share.data || GONE.includes(statusOf(share.error) ?? 0) ? (
          <Empty title="This link plays no more" action={<ButtonLink look="signal" to="/">What is Tonearm?</ButtonLink>}>
            It has run out, or whoever made it took it back. Ask them for a new one.
          </Empty>
        ) : (
          <Trouble error={share.error} what="open this wrap" onRetry={() => void share.refetch()} />
        )}
      </Centre>
    );
  }
  return (
    <Centre>
      <Disc grooves={18} turning className="w-56" label="Loading" />
    </Centre>
  );
}
