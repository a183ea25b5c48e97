import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Post } from '@/api/generated/model';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { PostCard } from './PostCard';

it('asks before a post goes with all that others said to it', async () => {
  const user = userEvent.setup();
  const calls = serve({ 'DELETE /posts/7': null });
  const author = { handle: 'ada', display_name: 'Ada' };
  const post = { id: 7, mine: true, author, text: 'hello', wrap: null, created_at: '2026-01-01T00:00:00Z' };
  draw(<PostCard post={{ ...post, comments: [], reactions: {}, my_reactions: [] } as unknown as Post} />);
  const deletions = () => calls.filter((call) => call.method === 'DELETE');
  await user.click(await screen.findByRole('button', { name: 'Delete this post' }));
  expect(screen.getByText(/with every comment and reaction/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Keep it' }));
  expect(deletions()).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Delete this post' }));
  await user.click(screen.getByRole('button', { name: 'Delete post' }));
  await waitFor(() => expect(deletions().map((call) => call.path)).toEqual(['/posts/7']));
});
