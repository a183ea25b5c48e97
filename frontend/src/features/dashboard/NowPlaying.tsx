import { useReadNowPlaying } from '@/api/generated';

const LOOK_AGAIN_MS = 30_000;

/** What a scrobbler says is playing, as one quiet line; nothing where nobody says anything. */
export function NowPlaying() {
  const { data } = useReadNowPlaying({ query: { refetchInterval: LOOK_AGAIN_MS } });
  const playing = data?.playing;
  if (!playing) return null;
  return (
    <p className="mb-6 flex min-w-0 items-baseline gap-2 text-muted">
      <span className="size-2 shrink-0 animate-breathe self-center rounded-round bg-signal" aria-hidden />
      <span className="min-w-0 break-words">
        Playing now: <span className="text-ink">{playing.title}</span>, {playing.artist}
        {playing.player && `, on ${playing.player}`}
      </span>
    </p>
  );
}
