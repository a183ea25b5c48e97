import type { ArtistDetail } from '@/api/generated/model';

type Kind = ArtistDetail['kind'];

/** What the tracks of an artist, a show or an author are called. */
export const NOUNS: Record<Kind, string> = { song: 'track', episode: 'episode', chapter: 'chapter' };
