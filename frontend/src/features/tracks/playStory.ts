import type { AlbumStory } from '@/api/generated/model';

/** What the stories of a track, an artist and an album have in common. */
export type PlayStory = Omit<AlbumStory, 'other_albums'>;
