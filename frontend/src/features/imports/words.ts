import type { Import, ImportFile } from '@/api/generated/model';

const STATES: Record<string, string> = {
  queued: 'waiting for its turn',
  running: 'being read',
  done: 'done',
  failed: 'stopped',
  undoing: 'being undone',
  undone: 'undone',
};

const VERDICTS: Record<string, { title: string; meaning: string }> = {
  accepted: { title: 'accepted', meaning: 'became plays' },
  duplicate: { title: 'duplicate', meaning: 'were there already' },
  skipped: { title: 'skipped', meaning: 'are fine but not plays' },
  broken: { title: 'broken', meaning: 'could not be read' },
};

export const VERDICT_NAMES = ['accepted', 'duplicate', 'skipped', 'broken'] as const;

export const stateWords = (state: string): string => STATES[state] ?? state;
export const verdictWords = (verdict: string) => VERDICTS[verdict] ?? { title: verdict, meaning: '' };

const REASONS: Record<string, string> = {
  new: 'new to your history',
  repeated_in_file: 'stand in this file before',
  already_known: 'came with an earlier import',
  known_in_more_detail: 'are known in more detail already',
  adds_detail: 'were known, and told better here',
  nothing_named: 'name no track, episode or chapter',
  deleted_by_you: 'were deleted by you before',
  now_playing: 'were still playing when the export was made',
  bad_time: 'have no readable time',
  impossible_time: 'lie before there was such a service, or in the future',
  bad_duration: 'have no readable length',
  not_a_row: 'are something else than a row',
  not_json: 'are damaged',
  cut_off: 'break off where the file ends',
  not_text: 'are not written in UTF-8',
  open_quote: 'have a quote that nobody closes',
  too_long: 'are longer than any row can be',
};

export const reasonWords = (reason: string): string => REASONS[reason] ?? reason.replaceAll('_', ' ');

/** How far an import is, 0..1, or null while its length is not known yet. */
export function shareDone({ totals, state }: Import): number | null {
  if (state === 'done') return 1;
  if (!totals.total_rows) return null;
  return Math.min(1, totals.rows / totals.total_rows);
}

export function shareOfFile({ rows, total_rows, state }: ImportFile): number | null {
  if (state !== 'queued') return 1;
  return total_rows ? Math.min(1, rows / total_rows) : null;
}

const SOURCES: Record<string, string> = {
  spotify_export: 'Spotify',
  spotify_api: 'Spotify, live',
  listenbrainz: 'ListenBrainz',
  lastfm: 'Last.fm',
  maloja: 'Maloja',
  manual: 'your own hand',
  demo: 'the demo town',
};

export const sourceWords = (source: string): string => SOURCES[source] ?? source;
