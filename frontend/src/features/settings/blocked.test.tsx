import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { Blocked } from './Blocked';

describe('whom one blocked', () => {
  it('is listed, and unblocked by one press', async () => {
    let items = [{ handle: 'eve', display_name: 'Eve', is_blocked: true }];
    serve({
      'GET /people/blocked': () => ({ items, next_after: null }),
      'DELETE /people/eve/block': () => {
        items = [];
        return null;
      },
    });
    draw(<Blocked />);
    await userEvent.setup().click(await screen.findByRole('button', { name: 'Unblock Eve' }));
    expect(await screen.findByText(/^Nobody/)).toBeVisible();
  });
});
