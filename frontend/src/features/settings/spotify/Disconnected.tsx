import type { SpotifyConnection } from '@/api/generated/model';
import { moment, plural } from '@/lib/format';
import { Disconnect } from './Disconnect';
import { ConnectButton } from './SpotifyPanel';

interface DisconnectedProps {
  connection: SpotifyConnection;
  canConnect: boolean;
  timeZone: string;
}

/** The days in which one may still change one's mind. */
export function Disconnected({ connection, canConnect, timeZone }: DisconnectedProps) {
  const { captured_plays: plays, deleted_at: deletedAt } = connection;
  const isDue = deletedAt !== null && new Date(deletedAt) <= new Date();
  return (
    <div className="space-y-4">
      <p className="text-muted">
        Our keys to your account are gone.{' '}
        {isDue
          ? 'What came from there is being deleted now.'
          : `${plays > 0 ? `${plural(plays, 'play')} that came from there are` : 'What came from there is'} deleted on ${moment(deletedAt ?? '', timeZone)}. Connect the same account before that, and they stay.`}
      </p>
      <div className="flex flex-wrap items-start gap-3">
        {canConnect && !isDue && <ConnectButton>Connect again</ConnectButton>}
        {!isDue && <Disconnect plays={plays} />}
      </div>
    </div>
  );
}
