import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Post } from '@/api/generated/model';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { Comments } from './Comments';

it('offers to block who commented: the page of somebody who cannot be found does not open', async () => {
  const user = userEvent.setup();
  const calls = serve({ 'PUT /people/eve/block': {} });
  const author = { handle: 'eve', display_name: 'Eve' };
  const comment = { id: 1, author, text: 'unwelcome', created_at: '2026-01-01T00:00:00Z', mine: false };
  draw(<Comments post={{ id: 1, mine: false, author, comments: [comment] } as unknown as Post} />);
  await user.click(await screen.findByRole('button', { name: 'Block Eve' }));
  await user.click(await screen.findByRole('button', { name: 'Block' }));
  await waitFor(() => expect(calls.map(({ method, path }) => `${method} ${path}`)).toContain('PUT /people/eve/block'));
});
