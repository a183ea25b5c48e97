import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { getGetImportQueryKey, getListImportsQueryKey } from '@/api/generated';
import type { Import } from '@/api/generated/model';
import { watchEvents } from '@/lib/events';

export const isUnderWay = (item: Import): boolean => ['queued', 'running', 'undoing'].includes(item.state);

/** Follows one import live; each event is written into the query cache. */
export function useImportWatch(item: Import | undefined): { connected: boolean } {
  const client = useQueryClient();
  const [connected, setConnected] = useState(true);
  const id = item && isUnderWay(item) ? item.id : null;

  useEffect(() => {
    if (id === null) return;
    const controller = new AbortController();
    const keep = (data: string) => {
      if (!data) return;
      const fresh = JSON.parse(data) as Import;
      client.setQueryData(getGetImportQueryKey(id), fresh);
      client.setQueryData<Import[]>(getListImportsQueryKey(), (list) =>
        list?.map((entry) => (entry.id === id ? fresh : entry)),
      );
    };
    void watchEvents({
      url: `/api/v1/imports/${id}/events`,
      signal: controller.signal,
      onConnected: setConnected,
      onEvent: (event, data) => {
        if (event === 'progress') keep(data);
        return event === 'end';
      },
    }).then(() => {
      if (!controller.signal.aborted) void client.invalidateQueries({ queryKey: getListImportsQueryKey() });
    });
    return () => controller.abort();
  }, [client, id]);

  return { connected };
}
