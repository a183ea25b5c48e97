import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { BottomBar } from './BottomBar';

it('closes what was opened with “More”, also by the link to where one is', async () => {
  serve({});
  const user = userEvent.setup();
  draw(<BottomBar onSearch={() => undefined} />, { path: '/settings' });
  await user.click(screen.getByRole('button', { name: 'More' }));
  await user.click(screen.getByRole('link', { name: 'Settings' }));
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});
