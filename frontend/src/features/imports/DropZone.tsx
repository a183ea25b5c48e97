import { useRef, useState } from 'react';
import { UncutDisc } from '@/components/groove/Disc';
import { Button } from '@/components/ui/Button';
import { cx } from '@/components/ui/classes';
import { chosen, dropped, type Parcel, parcels } from './gather';

interface DropZoneProps {
  onParcels: (parcels: Parcel[]) => void;
  /** One line, for while something else is shown above. */
  small?: boolean;
}

/** The platter: lay ZIPs, files or a folder on it. */
export function DropZone({ onParcels, small = false }: DropZoneProps) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  const take = (found: Parcel[]) => {
    setTrouble(found.length === 0 ? 'No file in it is of a kind that could hold a history.' : null);
    if (found.length > 0) onParcels(found);
  };
  const choose = (event: React.ChangeEvent<HTMLInputElement>) => {
    if (event.target.files?.length) take(parcels(chosen(event.target.files)));
    event.target.value = '';
  };

  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        dropped(event.dataTransfer).then(
          (found) => take(parcels(found)),
          () => setTrouble('The browser could not read what was laid here.'),
        );
      }}
      className={cx(
        'rounded-panel border transition-colors',
        small
          ? 'flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-6 py-4'
          : 'grid items-center gap-x-12 gap-y-6 p-6 sm:grid-cols-[minmax(12rem,20rem)_1fr] sm:p-10',
        over ? 'border-signal bg-raised' : 'border-line',
      )}
    >
      {!small && <UncutDisc className={cx('mx-auto w-52 transition-transform sm:w-full', over && 'scale-105')} />}
      <div className={small ? '' : 'max-sm:text-center'}>
        {small ? (
          <p className="text-muted">More to bring? Lay it here.</p>
        ) : (
          <>
            <h2 className="title">Lay your exports here</h2>
            <p className="mt-2 max-w-[46ch] text-muted">
              ZIPs as they came, single files, or the whole folder: Spotify, ListenBrainz, Last.fm, Maloja, another
              Tonearm. It stays on this server; your IP address and user name are not kept.
            </p>
          </>
        )}
        {trouble && (
          <p role="alert" className="mt-3">
            {trouble} Nothing was sent.
          </p>
        )}
        <input
          ref={files}
          type="file"
          multiple
          aria-label="Files to import"
          className="sr-only"
          tabIndex={-1}
          onChange={choose}
        />
        <input
          ref={folder}
          type="file"
          multiple
          // not in React's types, but in every desktop browser
          {...{ webkitdirectory: '' }}
          aria-label="Folder to import"
          className="sr-only"
          tabIndex={-1}
          onChange={choose}
        />
        <div className={cx('flex flex-wrap gap-3', small ? 'hidden' : 'mt-6 max-sm:justify-center')}>
          <Button look="signal" onClick={() => files.current?.click()}>
            Choose files
          </Button>
          <Button className="max-sm:hidden" onClick={() => folder.current?.click()}>
            Choose a folder
          </Button>
        </div>
      </div>
      {small && <Button onClick={() => files.current?.click()}>Add files</Button>}
    </div>
  );
}
