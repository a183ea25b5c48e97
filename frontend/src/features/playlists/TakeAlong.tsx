import { useRef, useState } from 'react';
import type { Playlist, TrackRef } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { TextArea } from '@/components/ui/Field';
import { copyFrom } from '@/lib/copy';
import { count } from '@/lib/format';
import { saveFile } from '@/lib/saveFile';
import { useToasts } from '@/stores/toasts';

/** The playlist in forms that other programs read. */
export function TakeAlong({ playlist }: { playlist: Playlist }) {
  const [open, setOpen] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const say = useToasts((state) => state.say);
  const onSpotify = playlist.tracks.filter(({ key }) => key.startsWith('spotify:track:'));
  const others = playlist.tracks.length - onSpotify.length;
  const copy = async () => {
    if (!field.current) return;
    const copied = await copyFrom(field.current);
    if (copied) say('Copied.');
    else say('This browser does not let a page copy. The lines are selected: copy them yourself.', 'trouble');
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>Take along</Button>
      <Dialog open={open} title={`Take ${playlist.name} along`} onClose={() => setOpen(false)}>
        {onSpotify.length > 0 && (
          <>
            <p className="mb-3 text-muted">
              One line for each track of Spotify’s. In Spotify on a computer, paste them into a playlist.
              {others > 0 && ` ${count(others)} of ${count(playlist.tracks.length)} came from elsewhere and have none.`}
            </p>
            <TextArea ref={field} label="Tracks for Spotify" readOnly rows={5} value={onSpotify.map(({ key }) => key).join('\n')} />
          </>
        )}
        <div className="mt-5 flex flex-wrap gap-3">
          {onSpotify.length > 0 && (
            <Button look="signal" onClick={() => void copy()}>
              Copy for Spotify
            </Button>
          )}
          <Button onClick={() => saveFile(new File([table(playlist.tracks)], fileName(playlist.name), { type: 'text/csv' }))}>
            Save as a table
          </Button>
        </div>
      </Dialog>
    </>
  );
}

/** RFC 4180; the mark at its beginning tells spreadsheets that it is UTF-8. */
export function table(tracks: TrackRef[]): string {
  const rows = tracks.map(({ name, artist, album, key }) => [name, artist.name, album?.name ?? '', key]);
  return `\uFEFF${[['Track', 'Artist', 'Album', 'Key'], ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

/** What begins as a formula would be run by a spreadsheet. */
const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

const fileName = (name: string): string => `${name.replace(/[\\/:*?"<>|]/g, ' ').trim() || 'Playlist'}.csv`;
