import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { Toasts } from '@/components/ui/Toasts';
import { createQueryClient } from '@/lib/queryClient';
import { createRouter } from './router';
import { Starting } from './Starting';

export function App() {
  const [client] = useState(createQueryClient);
  const [router] = useState(createRouter);
  return (
    <QueryClientProvider client={client}>
      <Starting>
        <RouterProvider router={router} />
      </Starting>
      <Toasts />
    </QueryClientProvider>
  );
}
