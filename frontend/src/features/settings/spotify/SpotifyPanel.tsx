import { useBeginSpotify, useReadSpotify } from '@/api/generated';
import type { Spotify } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { why } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { Connected } from './Connected';
import { Disconnected } from './Disconnected';

const SOON_MS = 3_000;
const LATER_MS = 30_000;

/** Plays that arrive by themselves: whether one can connect, and how the connection is. */
export function SpotifyPanel({ timeZone }: { timeZone: string }) {
  const spotify = useReadSpotify({
    query: {
      refetchInterval: ({ state }) => (isExpecting(state.data) ? SOON_MS : LATER_MS),
    },
  });
  return (
    <Panel title={title(spotify.data)}>
      <QueryView query={spotify} what="fetch how your connection to Spotify is">
        {(data) => (
          <>
            {data.stand_in && data.configured && (
              <p className="mb-4 border-l-2 border-counter pl-4 text-muted">
                This is a demo: a stand-in on this machine takes Spotify’s place, and no real account is asked.
              </p>
            )}
            <Body spotify={data} timeZone={timeZone} />
          </>
        )}
      </QueryView>
    </Panel>
  );
}

function Body({ spotify, timeZone }: { spotify: Spotify; timeZone: string }) {
  const { connection } = spotify;
  if (connection?.state === 'disconnected') {
    return <Disconnected connection={connection} canConnect={spotify.configured} timeZone={timeZone} />;
  }
  if (connection) return <Connected connection={connection} every={spotify.look_every_minutes} timeZone={timeZone} />;
  if (!spotify.configured) {
    return (
      <div className="space-y-3 text-muted">
        <p>{spotify.obstacle}</p>
        <p>
          Address to enter there: <code className="break-all text-ink">{spotify.redirect_uri}</code>
        </p>
      </div>
    );
  }
  return (
    <div className="space-y-4">
      <p className="text-muted">
        Connect your account, and Tonearm looks every {plural(spotify.look_every_minutes, 'minute')} at what you played. Spotify tells only
        the last fifty plays and not how long each lasted, so your export stays the better source and replaces them when you bring it.
      </p>
      <ConnectButton look="signal">Connect Spotify</ConnectButton>
      <p className="text-muted">
        Plays that come this way train no model and are shown to none that writes. You can disconnect at any time.
      </p>
    </div>
  );
}

/** Leaves for Spotify's own page of consent. */
export function ConnectButton({ look = 'plain', children }: { look?: 'signal' | 'plain'; children: string }) {
  const begin = useBeginSpotify({ mutation: { onSuccess: ({ url }) => window.location.assign(url) } });
  return (
    <div>
      <Button look={look} busy={begin.isPending || begin.isSuccess} onClick={() => begin.mutate()}>
        {begin.isSuccess ? 'Going to Spotify' : children}
      </Button>
      {begin.isError && (
        <p role="alert" className="mt-2 text-signal-text">
          {why(begin.error)}
        </p>
      )}
    </div>
  );
}

function title(spotify: Spotify | undefined): string {
  const connection = spotify?.connection;
  if (!spotify) return 'Spotify';
  if (!connection) return spotify.configured ? 'Your plays can come by themselves' : 'Live capture is not set up here';
  switch (connection.state) {
    case 'connected':
      return 'Your plays come by themselves';
    case 'waiting':
      return 'The next look at Spotify has to wait';
    case 'failing':
      return 'Your last look at Spotify did not work';
    case 'off':
      return 'Live capture is switched off here';
    case 'reconnect':
      return 'Spotify wants your permission again';
    case 'disconnected':
      return 'Spotify is disconnected';
  }
}

function isExpecting(spotify: Spotify | undefined): boolean {
  const connection = spotify?.connection;
  if (connection?.state === 'disconnected') return connection.deleted_at !== null && new Date(connection.deleted_at) <= new Date();
  if (connection?.state !== 'connected') return false;
  return !connection.looked_at || (!!connection.next_look_at && new Date(connection.next_look_at) <= new Date());
}
