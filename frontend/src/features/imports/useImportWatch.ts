import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { getGetImportQueryKey, getListImportsQueryKey, useListImports } from '@/api/generated';
import type { Import } from '@/api/generated/model';
import { watchEvents } from '@/lib/events';
import { isUnderWay, undoingStopped } from '@/lib/imports';
import { useConnection } from '@/stores/connection';
import { useToasts } from '@/stores/toasts';
import { useUploads } from '@/stores/uploads';
import { broughtWords } from './words';

const LIST = getListImportsQueryKey();

/**
 * Follows uploads and imports for every page: progress is written into the cache, and whatever was known about the history
 * is asked anew when an import has ended. What happens while the listener is `elsewhere` than on the import page is told.
 */
export function useImportWatch(elsewhere: boolean): void {
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const { data: list } = useListImports(undefined, { query: { refetchOnMount: 'always' } });
  // what began first is followed; the list is newest first
  useLive(list?.filter(isUnderWay).at(-1)?.id);

  const before = useRef<Import[]>(undefined);
  useEffect(() => {
    const ended = endedSince(before.current, list);
    before.current = list;
    if (ended.length === 0) return;
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== LIST[0] });
    for (const item of elsewhere ? ended : []) say(...endWords(item));
  }, [client, elsewhere, list, say]);

  useEffect(
    () =>
      useUploads.subscribe((now, then) => {
        if (now.started && now.started !== then.started) arrived(client, now.started);
        const failed = now.uploads.filter(({ key, state }) => state === 'failed' && then.uploads.some((one) => one.key === key && one.state !== 'failed'));
        for (const { name } of elsewhere ? failed : []) say(`${name} was not sent. The import page says why.`, 'trouble');
      }),
    [client, elsewhere, say],
  );
}

/** Those that have ended while the list was looked at, however short they were under way. */
function endedSince(before: Import[] | undefined, now: Import[] | undefined): Import[] {
  if (!before || !now) return [];
  const states = new Map(before.map(({ id, state }) => [id, state]));
  return now.filter((item) => !isUnderWay(item) && states.get(item.id) !== item.state);
}

function endWords(item: Import): [string, 'plain' | 'trouble'] {
  if (item.state === 'failed') return [`The import of ${item.file_name} stopped. The import page says why.`, 'trouble'];
  if (undoingStopped(item)) return [`Undoing ${item.file_name} stopped. The import page says why.`, 'trouble'];
  if (item.state === 'undone') return [`What ${item.file_name} brought is out again.`, 'plain'];
  return [`${item.file_name} is in: ${broughtWords(item)}.`, 'plain'];
}

function arrived(client: QueryClient, started: Import): void {
  // a look at the list that is still on its way began before this import did
  void client.cancelQueries({ queryKey: LIST }).then(() => client.invalidateQueries({ queryKey: LIST }));
  client.setQueryData<Import[]>(LIST, (list = []) => [started, ...list.filter(({ id }) => id !== started.id)]);
}

/** One import live; each event is written into the query cache. */
function useLive(id: number | undefined): void {
  const client = useQueryClient();
  const watch = useUploads((state) => state.watch);

  useEffect(() => {
    if (id === undefined) return;
    watch(id);
    const controller = new AbortController();
    const keep = (data: string) => {
      if (!data) return;
      const fresh = JSON.parse(data) as Import;
      client.setQueryData(getGetImportQueryKey(id), fresh);
      client.setQueryData<Import[]>(LIST, (list) => list?.map((entry) => (entry.id === id ? fresh : entry)));
    };
    const { markFollowing } = useConnection.getState();
    markFollowing(true);
    void watchEvents({
      url: `/api/v1/imports/${id}/events`,
      signal: controller.signal,
      onConnected: markFollowing,
      onEvent: (event, data) => {
        if (event === 'progress') keep(data);
        return event === 'end';
      },
    }).then(() => {
      if (!controller.signal.aborted) void client.invalidateQueries({ queryKey: LIST });
    });
    return () => controller.abort();
  }, [client, id, watch]);
}
