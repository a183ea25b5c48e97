import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { Toasts } from '@/components/ui/Toasts';

interface At {
  /** Route pattern of the element, e.g. "/tracks/:id". */
  path?: string;
  /** Address it is opened at. */
  url?: string;
}

/** Draws a page as the app would: with a router, a fresh cache without retries, and toasts. */
export function draw(element: ReactElement, { path = '/', url = path }: At = {}) {
  const client = new QueryClient({
    defaultOptions: { queries: { retry: false, networkMode: 'always' }, mutations: { networkMode: 'always' } },
  });
  const router = createMemoryRouter(
    [
      { path, element },
      { path: '*', element: <p>elsewhere</p> },
    ],
    { initialEntries: [url] },
  );
  const view = render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>,
  );
  return { ...view, router, client };
}
