import { useRef, useState } from 'react';
import { UncutDisc } from '@/components/groove/Disc';
import { Button } from '@/components/ui/Button';
import { cx } from '@/components/ui/classes';

interface DropZoneProps {
  onFile: (file: File) => void;
}

/** The platter: lay the ZIP on it. */
export function DropZone({ onFile }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
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
        const file = event.dataTransfer.files[0];
        if (file) onFile(file);
      }}
      className={cx(
        'grid items-center gap-x-12 gap-y-6 rounded-panel border p-6 transition-colors sm:grid-cols-[minmax(12rem,20rem)_1fr] sm:p-10',
        over ? 'border-signal bg-raised' : 'border-line',
      )}
    >
      <UncutDisc className={cx('mx-auto w-52 transition-transform sm:w-full', over && 'scale-105')} />
      <div className="max-sm:text-center">
        <h2 className="title">Lay the ZIP here</h2>
        <p className="mt-2 max-w-[46ch] text-muted">
          The whole archive as Spotify sent it, or one of its JSON files. It stays on this server; your IP address and
          user name are not kept.
        </p>
        <input
          ref={input}
          type="file"
          accept=".zip,.json,application/zip,application/json"
          aria-label="Spotify export file"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) onFile(file);
            event.target.value = '';
          }}
        />
        <Button look="signal" className="mt-6" onClick={() => input.current?.click()}>
          Choose a file
        </Button>
      </div>
    </div>
  );
}
