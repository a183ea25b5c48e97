import { act, render, screen } from '@testing-library/react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { afterEach, describe, expect, it } from 'vitest';
import { useSession } from '@/stores/session';
import { NOBODY, serve } from '@/testing/api';
import { SignedIn } from './SignedIn';

afterEach(() => useSession.setState({ status: 'starting', email: null }));

describe('an account that is open', () => {
  it('stays open while a later look at it fails', async () => {
    useSession.getState().signedIn('ada@example.org');
    let answer: unknown = { id: 1, time_zone: 'Europe/Prague' };
    const calls = serve({ 'POST /auth/session': () => answer });
    const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } });
    const router = createMemoryRouter([{ element: <SignedIn />, children: [{ path: '/', element: <p>my page</p> }] }]);
    render(
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>,
    );
    expect(await screen.findByText('my page')).toBeVisible();
    answer = NOBODY;
    await act(() => client.invalidateQueries());
    expect(calls).toHaveLength(2);
    expect(screen.getByText('my page')).toBeVisible();
  });
});
