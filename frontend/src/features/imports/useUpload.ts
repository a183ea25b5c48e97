import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createImport, getListImportsQueryKey } from '@/api/generated';
import type { Import } from '@/api/generated/model';

interface Upload {
  file: File;
  sent: number;
  error: unknown;
}

const NO_LIMIT = 0;

/** Sends one file; `sent` is the share of its bytes that left this machine, 0..1. */
export function useUpload(onStarted: (started: Import) => void) {
  const client = useQueryClient();
  const [upload, setUpload] = useState<Upload | null>(null);

  const send = async (file: File) => {
    setUpload({ file, sent: 0, error: null });
    try {
      const started = await createImport(
        file,
        { file_name: file.name },
        {
          timeout: NO_LIMIT,
          onUploadProgress: ({ progress }) => setUpload({ file, sent: progress ?? 0, error: null }),
        },
      );
      onStarted(started);
      await client.invalidateQueries({ queryKey: getListImportsQueryKey() });
      setUpload(null);
    } catch (error) {
      setUpload({ file, sent: 0, error });
    }
  };

  return { upload, send, forget: () => setUpload(null) };
}
