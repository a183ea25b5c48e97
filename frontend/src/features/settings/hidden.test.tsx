import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { HiddenTracks } from './HiddenTracks';

describe('what is never suggested', () => {
  it('is listed, and may be suggested again by one press', async () => {
    let items = [{ track: track(1, 'Cold Lantern'), hidden_at: '2026-01-01T10:00:00Z' }];
    serve({
      'GET /recommendations/hidden': () => ({ items }),
      'DELETE /recommendations/feedback/1': () => {
        items = [];
        return '';
      },
    });
    const user = userEvent.setup();
    draw(<HiddenTracks />);
    expect(await screen.findByRole('link', { name: 'Cold Lantern' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'May be suggested' }));
    expect(await screen.findByText(/Nothing is left out/)).toBeVisible();
  });
});
