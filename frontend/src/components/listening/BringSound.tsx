import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { getReadSoundSourcesQueryKey } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { notDone } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { isDone, useSoundFiles } from '@/stores/soundFiles';

const AUDIO_FILES = '.flac,.mp3,.ogg,.oga,.opus,.wav,.m4a,.aac,.aif,.aiff,audio/*';

interface BringSoundProps {
  /** The track that the file is; without it tags and names decide, and several files may come at once. */
  trackId?: number;
}

/** A button that takes audio files, and what became of the sending, which goes on when the page is left. */
export function BringSound({ trackId }: BringSoundProps) {
  const input = useRef<HTMLInputElement>(null);
  const { files: all, send } = useSoundFiles();
  const files = all.filter((each) => each.trackId === trackId);
  const done = files.filter(isDone).length;
  const taken = files.filter(({ state }) => state === 'arrived').length;
  const busy = done < files.length;
  const held = files.some(({ state }) => state === 'held');
  const many = trackId === undefined;
  const client = useQueryClient();
  useEffect(() => {
    if (taken > 0) void client.invalidateQueries({ queryKey: getReadSoundSourcesQueryKey() });
  }, [client, taken]);
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
          const chosen = [...(event.target.files ?? [])];
          event.target.value = '';
          if (chosen.length) send(chosen, trackId);
        }}
      />
      <Button busy={busy} onClick={() => input.current?.click()}>
        {many ? 'Choose audio files' : 'Bring a file of it'}
      </Button>
      <div role="status" className="mt-3 text-muted">
        {busy && (
          <p>
            {done} of {files.length} sent.{' '}
            {held
              ? 'As many wait to be heard as may at a time: the rest follows by itself when there is room.'
              : 'You may look at other pages meanwhile.'}
          </p>
        )}
        {!busy && taken > 0 && (
          <p>
            {plural(taken, 'file')} arrived. {taken === 1 ? 'It is' : 'They are'} listened to now and then deleted; only how{' '}
            {taken === 1 ? 'it sounds' : 'they sound'} is kept.
          </p>
        )}
        {files.map(
          ({ key, file, state, error }) =>
            state === 'refused' && (
              <p key={key} className="mt-1 border-l-2 border-signal pl-4">
                {file.name}: {notDone('', error)}
              </p>
            ),
        )}
      </div>
    </div>
  );
}
