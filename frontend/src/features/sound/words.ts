import type { SoundCount, SoundSource } from '@/api/generated/model';
import { count, plural } from '@/lib/format';

type Source = SoundSource['source'];
type Outcome = SoundSource['outcome'];

export const SOURCES: Record<Source, string> = {
  library: 'The audio folder',
  upload: 'Your uploads',
  deezer: 'Previews from Deezer',
};

const MATCHED: Record<NonNullable<SoundSource['matched_by']>, string> = {
  tags: 'by its tags',
  names: 'by its name',
  duration: 'by name and length',
  isrc: 'by its ISRC',
  listener: 'as you said',
};

export const OUTCOMES: { value: Outcome | 'all'; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'heard', label: 'Heard' },
  { value: 'unmatched', label: 'Not matched' },
  { value: 'refused', label: 'Not heard' },
  { value: 'waiting', label: 'Waiting' },
];

/** What became of one file, as the end of its line. */
export function outcomeWords(item: SoundSource): string {
  switch (item.outcome) {
    case 'heard':
      return item.matched_by ? `heard, matched ${MATCHED[item.matched_by]}` : 'heard';
    case 'unmatched':
      return 'not matched';
    case 'refused':
      return 'could not be heard';
    case 'waiting':
      return 'waiting its turn';
  }
}

/** "12 heard, 2 not matched": one source's counts in words. */
export function sumWords(counts: SoundCount[], source: Source): string {
  const of = (outcome: Outcome) => counts.find((each) => each.source === source && each.outcome === outcome)?.count ?? 0;
  const parts = [
    of('heard') && `${count(of('heard'))} heard`,
    of('unmatched') && `${count(of('unmatched'))} not matched`,
    of('refused') && `${count(of('refused'))} could not be heard`,
    of('waiting') && `${count(of('waiting'))} waiting`,
  ].filter(Boolean);
  return parts.length ? parts.join(', ') : 'nothing yet';
}

export function heardTitle(tracks: number): string {
  return tracks ? `Tonearm has heard ${plural(tracks, 'track')}` : 'Tonearm has heard nothing yet';
}
