import type { Import, ImportFile } from '@/api/generated/model';
import { count } from '@/lib/format';

const STATES: Record<string, string> = {
  queued: 'waiting for its turn',
  running: 'being read',
  done: 'done',
  failed: 'stopped',
  undoing: 'being undone',
  undone: 'undone',
};

const VERDICTS: Record<string, { title: string; meaning: string }> = {
  accepted: { title: 'accepted', meaning: 'came in' },
  duplicate: { title: 'duplicate', meaning: 'were there already' },
  skipped: { title: 'skipped', meaning: 'are fine and left out' },
  broken: { title: 'broken', meaning: 'could not be read' },
};

/** What an export of Tonearm brings beside plays, by the format of its file: one of them, several of them. */
const KEPT: Record<string, readonly [string, string]> = {
  own_playlists: ['playlist', 'playlists'],
  own_merges: ['merge', 'merges'],
  own_refused_pairs: ['pair kept apart', 'pairs kept apart'],
  own_hidden_artists: ['hidden artist', 'hidden artists'],
  own_changes: ['change made by hand', 'changes made by hand'],
  own_feedback: ['word on a recommendation', 'words on recommendations'],
  own_genres: ['genre of your files', 'genres of your files'],
  own_settings: ['setting', 'settings'],
};

/** What came in, in plain words: “1,204 plays, 12 playlists and 3 merges”. */
export function broughtWords({ files, totals }: Import): string {
  const plays = files.reduce((left, { format, accepted }) => left - (format && KEPT[format] ? accepted : 0), totals.accepted);
  const kept = Object.entries(KEPT).flatMap(([format, [one, many]]) => {
    const accepted = files.reduce((sum, file) => sum + (file.format === format ? file.accepted : 0), 0);
    return accepted > 0 ? [`${count(accepted)} ${accepted === 1 ? one : many}`] : [];
  });
  const all = plays > 0 || kept.length === 0 ? [`${count(plays)} ${plays === 1 ? 'play' : 'plays'}`, ...kept] : kept;
  return all.length === 1 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

export const bringsMoreThanPlays = ({ files }: Import): boolean =>
  files.some(({ format }) => format !== null && format in KEPT);

export const VERDICT_NAMES = ['accepted', 'duplicate', 'skipped', 'broken'] as const;

export const stateWords = (state: string): string => STATES[state] ?? state;
export const verdictWords = (verdict: string) => VERDICTS[verdict] ?? { title: verdict, meaning: '' };

const REASONS: Record<string, string> = {
  new: 'new here',
  repeated_in_file: 'stand in this file before',
  already_known: 'were here before this import',
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
  no_room: 'found no room: a thousand playlists is the most',
  said_otherwise_here: 'say something else than you did here',
  counts_otherwise_here: 'are of tracks that already count as something else here',
  count_together_here: 'are of tracks that count together here already',
  refused_here: 'are of tracks that you keep apart here',
  one_track: 'name one track twice',
  not_one_kind: 'would count a song as an episode',
  taken_back_here: 'were taken back by you since',
  account_in_use: 'are settings, which fill only an account that was not used yet',
  never_allowed_for_you: 'would allow what you do not allow here',
  unknown_setting: 'are settings that do not exist here',
  bad_value: 'hold something that cannot be',
  no_track: 'name no track',
  no_artist: 'name no artist',
  too_many_tracks: 'are playlists of more than 500 tracks',
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
  tonearm: 'Tonearm',
};

export const sourceWords = (source: string): string => SOURCES[source] ?? source;
