import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { NotificationsPage } from './NotificationsPage';

const comment = (id: number, read = true) => ({
  id,
  kind: 'commented',
  actor: { handle: 'bo', display_name: `Bo ${id}` },
  post_id: id,
  import_id: null,
  span: null,
  detail: null,
  created_at: '2026-01-01T10:00:00Z',
  read,
});

describe('news', () => {
  it('of a comment leads to the post it stands under', async () => {
    serve({ 'GET /notifications': { unread: 0, items: [comment(12)], next_before: null } });
    draw(<NotificationsPage />);
    expect(await screen.findByRole('link', { name: /wrote under your post/ })).toHaveAttribute('href', '/posts/12');
  });

  it('of a month that is over leads to its wrap', async () => {
    const over = { ...comment(3), kind: 'span_over', actor: null, post_id: null, span: '2024-11' };
    serve({ 'GET /notifications': { unread: 0, items: [over], next_before: null } });
    draw(<NotificationsPage />);
    expect(await screen.findByRole('link', { name: /^November 2024 is over: play its wrap/ })).toHaveAttribute('href', '/wraps/2024-11');
  });

  it('is read up to the newest that is shown, and keeps its dots for this visit', async () => {
    const read: unknown[] = [];
    serve({
      'GET /notifications': { unread: 2, items: [comment(12, false), comment(9, false)], next_before: null },
      'POST /notifications/read': ({ params }: { params: unknown }) => (read.push(params), null),
    });
    draw(<NotificationsPage />);
    expect(await screen.findAllByRole('img', { name: 'unread' })).toHaveLength(2);
    await waitFor(() => expect(read).toEqual([{ until: 12 }]));
    expect(screen.getAllByRole('img', { name: 'unread' })).toHaveLength(2);
  });

  it('goes on to older ones', async () => {
    const pages: Record<string, unknown> = {
      undefined: { unread: 0, items: [comment(12)], next_before: 12 },
      12: { unread: 0, items: [comment(9)], next_before: null },
    };
    serve({ 'GET /notifications': ({ params }: { params: Record<string, unknown> }) => pages[String(params.before)] });
    draw(<NotificationsPage />);
    await userEvent.setup().click(await screen.findByRole('button', { name: 'Show older news' }));
    expect(await screen.findByText('Bo 9')).toBeVisible();
    expect(screen.getByText('Bo 12')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Show older news' })).toBeNull();
  });
});
