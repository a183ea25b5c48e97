import { useRef } from 'react';
import { Button } from '@/components/ui/Button';
import { plural } from '@/lib/format';
import { AUDIO_FILES, useBringSound } from './useBringSound';

interface BringSoundProps {
  /** The track that the file is; without it tags and names decide, and several files may come at once. */
  trackId?: number;
}

/** A button that takes audio files, and what became of the sending. */
export function BringSound({ trackId }: BringSoundProps) {
  const input = useRef<HTMLInputElement>(null);
  const { bringing, busy, send } = useBringSound(trackId);
  const many = trackId === undefined;
  const taken = bringing ? bringing.done - bringing.refused.length : 0;
  return (
    <div>
      <input
        ref={input}
        type="file"
        accept={AUDIO_FILES}
        multiple={many}
        aria-label={many ? 'Audio files' : 'Audio file of this track'}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files.length) void send(files);
        }}
      />
      <Button busy={busy} onClick={() => input.current?.click()}>
        {many ? 'Choose audio files' : 'Bring a file of it'}
      </Button>
      <div role="status" className="mt-3 text-muted">
        {bringing && busy && `${bringing.done} of ${bringing.of} sent`}
        {bringing && !busy && taken > 0 && (
          <p>
            {plural(taken, 'file')} arrived. {taken === 1 ? 'It is' : 'They are'} listened to now and then deleted; only how{' '}
            {taken === 1 ? 'it sounds' : 'they sound'} is kept.
          </p>
        )}
        {bringing?.refused.map((sentence) => (
          <p key={sentence} className="mt-1 border-l-2 border-signal pl-4">
            {sentence}
          </p>
        ))}
      </div>
    </div>
  );
}
