import { useCallback } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useOpenShare } from '@/api/generated';
import { ButtonLink } from '@/components/ui/Button';
import { Empty, Trouble } from '@/components/ui/States';
import { Disc } from '@/components/groove/Disc';
import { statusOf } from '@/lib/http';
import { keptLabel } from '@/lib/span';
import { useTitle } from '@/lib/useTitle';
import { Ending } from './Ending';
import { Centre } from './WrapPage';
import { WrapPlayer } from './WrapPlayer';

const GONE = [404, 410];

/** A wrap somebody shared by link; anybody who holds the link may look. */
export function SharedPage() {
  const { token = '' } = useParams();
  const navigate = useNavigate();
  const close = useCallback(() => void navigate('/'), [navigate]);
  const share = useOpenShare(token);
  const wrap = share.data?.wrap;
  const title = wrap ? `${keptLabel(wrap)}${wrap.name ? `, as ${wrap.name} heard it` : ''}` : 'A shared wrap';
  useTitle(title);
  if (wrap?.silent) {
    return (
      <Centre>
        <Empty title={title} action={<ButtonLink look="signal" to="/">What is Tonearm?</ButtonLink>}>
          No listen is known from this time, so there is nothing to tell.
        </Empty>
      </Centre>
    );
  }
  if (wrap) return <WrapPlayer wrap={wrap} mine={false} ending={<Ending wrap={wrap} mine={false} />} onClose={close} />;
  if (share.isError) {
    return (
      <Centre>
        {GONE.includes(statusOf(share.error) ?? 0) ? (
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
