import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { NotificationsPage } from './NotificationsPage';

describe('news', () => {
  it('of a comment leads to the post it stands under', async () => {
    serve({
      'GET /notifications': {
        unread: 0,
        items: [
          {
            id: 1,
            kind: 'commented',
            actor: { handle: 'bo', display_name: 'Bo' },
            post_id: 12,
            import_id: null,
            detail: null,
            created_at: '2026-01-01T10:00:00Z',
            read: true,
          },
        ],
      },
    });
    draw(<NotificationsPage />);
    expect(await screen.findByRole('link', { name: /wrote under your post/ })).toHaveAttribute('href', '/posts/12');
  });
});
