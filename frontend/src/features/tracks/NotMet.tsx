import { Empty } from '@/components/ui/States';
import { ButtonLink } from '@/components/ui/Button';

/** For an address that names nothing, or something that only somebody else here plays: the API does not tell which. */
export function NotMet({ what }: { what: 'track' | 'artist' | 'album' }) {
  return (
    <Empty title={`You have not met this ${what}`} action={<ButtonLink to="/home">Back to your music</ButtonLink>}>
      What one person here plays is not shown to others. Once you have played it yourself, or several listeners have, it has
      its page here.
    </Empty>
  );
}
