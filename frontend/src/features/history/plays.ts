import type { PlayRef, PlayRow } from '@/api/generated/model';

/** Which play it is, on this page and to the API. */
export const keyOf = (play: PlayRow): string => `${play.played_track_id} ${play.ended_at}`;
export const refOf = (play: PlayRow): PlayRef => ({ track_id: play.played_track_id, ended_at: play.ended_at });
