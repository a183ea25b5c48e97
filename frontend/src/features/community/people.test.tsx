import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { PersonPage } from './PersonPage';

const person = (handle: string, known: object = {}) => ({
  handle,
  display_name: handle.toUpperCase(),
  is_me: false,
  is_following: false,
  follows_me: false,
  is_blocked: false,
  joined_at: '2026-01-01T00:00:00Z',
  followers: 2,
  following: 1,
  posts: [],
  ...known,
});
const at = (handle: string) => ({ path: '/people/:handle', url: `/people/${handle}` });

describe('one’s own page', () => {
  it('lists who follows, page by page, and takes one of them away', async () => {
    const pages: Record<string, unknown> = {
      undefined: { items: [person('bo')], next_after: 'bo' },
      bo: { items: [person('cleo')], next_after: null },
    };
    const calls = serve({
      'GET /people/ada': person('ada', { is_me: true }),
      'GET /people/followers': ({ params }: { params: Record<string, unknown> }) => pages[String(params.after)],
      'GET /people/following': { items: [], next_after: null },
      'DELETE /people/followers/cleo': null,
    });
    const user = userEvent.setup();
    draw(<PersonPage />, at('ada'));
    expect(await screen.findByRole('heading', { name: '2 people follow you' })).toBeVisible();
    expect(screen.getByRole('heading', { name: 'You follow 1 person' })).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Show more people' }));
    await user.click(await screen.findByRole('button', { name: 'Remove CLEO from who follows you' }));
    await waitFor(() => expect(calls.map((call) => call.method)).toContain('DELETE'));
  });
});

describe('the page of somebody blocked', () => {
  it('tells who it is and how to take it back, and nothing else', async () => {
    const hidden = { is_blocked: true, joined_at: null, followers: null, following: null };
    serve({ 'GET /people/eve': person('eve', hidden) });
    draw(<PersonPage />, at('eve'));
    expect(await screen.findByRole('button', { name: 'Unblock' })).toBeVisible();
    expect(screen.getByText('You have blocked this person')).toBeVisible();
    expect(screen.queryByText(/here since|follower|null/)).toBeNull();
  });
});
