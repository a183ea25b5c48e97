import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getReadSoundSourcesQueryKey, uploadSound } from '@/api/generated';
import { notDone } from '@/components/ui/States';

export const AUDIO_FILES = '.flac,.mp3,.ogg,.oga,.opus,.wav,.m4a,.aac,.aif,.aiff,audio/*';
const NO_LIMIT = 0;

interface Bringing {
  done: number;
  of: number;
  /** One sentence per file that was refused. */
  refused: string[];
}

/** Sends audio files one after the other; with `trackId` they are that track, else their tags say what they are. */
export function useBringSound(trackId?: number) {
  const client = useQueryClient();
  const [bringing, setBringing] = useState<Bringing | null>(null);

  const send = async (files: File[]) => {
    const refused: string[] = [];
    setBringing({ done: 0, of: files.length, refused });
    for (const [index, file] of files.entries()) {
      try {
        await uploadSound(file, { file_name: file.name, ...(trackId && { track_id: trackId }) }, { timeout: NO_LIMIT });
      } catch (error) {
        refused.push(`${file.name}: ${notDone('', error)}`);
      }
      setBringing({ done: index + 1, of: files.length, refused: [...refused] });
    }
    await client.invalidateQueries({ queryKey: getReadSoundSourcesQueryKey() });
  };

  const busy = bringing !== null && bringing.done < bringing.of;
  return { bringing, busy, send };
}
