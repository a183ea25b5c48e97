import { Panel } from '@/components/ui/Panel';

const STEPS = [
  ['Ask for it', 'On spotify.com, open Account, then Security and privacy, then Account privacy.'],
  ['Choose the long one', 'Tick “Extended streaming history” and untick the rest. It holds every play since you joined.'],
  ['Confirm and wait', 'Spotify sends an e-mail to confirm. The archive is ready after some days, at most thirty.'],
  ['Lay it here', 'Download my_spotify_data.zip and drop it on this page as it is. Unpacked, the whole folder will do.'],
] as const;

export function HowTo() {
  return (
    <Panel title="How to get your history from Spotify">
      <ol className="grid gap-x-8 gap-y-6 sm:grid-cols-2 lg:grid-cols-4">
        {STEPS.map(([what, how], index) => (
          <li key={what}>
            <p className="font-medium">
              <span className="mr-2 text-signal-text">{index + 1}</span>
              {what}
            </p>
            <p className="mt-1 text-muted">{how}</p>
          </li>
        ))}
      </ol>
      <p className="mt-8 max-w-[72ch] text-muted">
        From elsewhere: ListenBrainz gives its archive under Settings, Export data; Maloja writes maloja_export_….json; for
        Last.fm any of the usual exporters will do, as CSV or JSON. A play that two services tell is counted once.
      </p>
      <p className="mt-4 max-w-[72ch] text-muted">
        From another Tonearm: the ZIP of Settings, Download everything. Your plays come back, and so do playlists, merges,
        hidden artists, what you changed by hand and what you said to recommendations. Posts, comments, follows and shared
        links do not: others are part of them.
      </p>
    </Panel>
  );
}
