import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useReadStatus } from '@/api/generated';
import { useConnection } from '@/stores/connection';

const CALM_MS = 15_000;
const WORRIED_MS = 2_500;

const SILENT = {
  api: 'Tonearm’s server is not answering. It is asked again every few seconds; your history is safe.',
  'sign-in': 'The sign-in service is not answering. It is asked again every few seconds; your history is safe.',
} as const;

const PARTS: Record<string, string> = {
  database: 'The database is away for a moment. What you see may be a little old; nothing is lost.',
  model_server: 'The models are away. Recommendations and forecasts are plainer until they are back.',
  worker: 'The worker is away. Imports wait in line and go on by themselves.',
  cache: 'The cache is away. Everything works, only slower.',
};

/** Says what is going on when a part of Tonearm is away, and asks again for what failed once it is back. */
export function StatusBanner() {
  const away = useConnection((state) => state.away);
  const status = useReadStatus({
    query: { refetchInterval: away ? WORRIED_MS : CALM_MS, retry: false, staleTime: 0, gcTime: 0 },
  });
  const client = useQueryClient();
  const down = status.data?.parts.filter((part) => part.state === 'down') ?? [];
  const trouble = away ?? down.map((part) => part.name).join();
  const before = useRef(trouble);

  useEffect(() => {
    if (before.current && !trouble) void client.invalidateQueries();
    before.current = trouble;
  }, [client, trouble]);

  if (!trouble) return null;
  const sentences = away
    ? [SILENT[away]]
    : down.map((part) => PARTS[part.name] ?? part.detail ?? `${part.name} is away.`);
  return (
    <div role="status" className="border-b border-line bg-raised px-5 py-3 sm:px-8 lg:px-12">
      {sentences.map((sentence) => (
        <p key={sentence} className="flex items-baseline gap-3">
          <span className="size-2 shrink-0 animate-breathe rounded-round bg-signal" aria-hidden />
          {sentence}
        </p>
      ))}
    </div>
  );
}
