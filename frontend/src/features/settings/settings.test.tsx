import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { draw } from '@/testing/render';
import { NOBODY, Refusal, serve } from '@/testing/api';
import { Leaving } from './Leaving';
import { ProfileForm } from './ProfileForm';
import { Scrobblers } from './Scrobblers';

const token = { id: 7, name: 'Navidrome', created_at: '2026-01-01T10:00:00Z', last_used_at: null, plays: 0 };
const address = 'https://tonearm.example';

describe('personal tokens', () => {
  it('shows a new token once, and how to enter it in each client', async () => {
    let items: (typeof token)[] = [];
    serve({
      'GET /tokens': () => ({ items, address }),
      'POST /tokens': () => {
        items = [token];
        return { ...token, token: 'b7c0ffee-0000-4000-8000-000000000000' };
      },
    });
    const user = userEvent.setup();
    draw(<Scrobblers />);
    await user.type(await screen.findByLabelText('What will use the token'), 'Navidrome');
    await user.click(screen.getByRole('button', { name: 'Make a token' }));
    expect(await screen.findByLabelText('Token')).toHaveValue('b7c0ffee-0000-4000-8000-000000000000');
    expect(screen.getByText(/shown this once/)).toBeVisible();
    expect(screen.getByLabelText('Address for Navidrome')).toHaveValue('https://tonearm.example/1/');
    expect(screen.getByLabelText('Address for Web Scrobbler')).toHaveValue('https://tonearm.example/1/submit-listens');
    expect(screen.getByLabelText('Address for Mopidy')).toHaveValue('tonearm.example');
  });

  it('asks before it revokes, and says what stays', async () => {
    const calls = serve({ 'GET /tokens': { items: [token], address }, 'DELETE /tokens/7': null });
    const user = userEvent.setup();
    draw(<Scrobblers />);
    await user.click(await screen.findByRole('button', { name: 'Revoke the token of Navidrome' }));
    expect(calls.some((call) => call.method === 'DELETE')).toBe(false);
    await user.click(screen.getByRole('button', { name: 'Revoke it' }));
    expect(calls.some((call) => call.method === 'DELETE' && call.path === '/tokens/7')).toBe(true);
  });

  it('says why no token was made', async () => {
    serve({ 'GET /tokens': { items: [], address }, 'POST /tokens': new Refusal(409, 'You have 50 tokens.') });
    const user = userEvent.setup();
    draw(<Scrobblers />);
    await user.type(await screen.findByLabelText('What will use the token'), 'x');
    await user.click(screen.getByRole('button', { name: 'Make a token' }));
    expect(await screen.findByText(/You have 50 tokens/)).toBeVisible();
  });
});

const account = {
  id: 1,
  handle: 'ada',
  display_name: 'Ada',
  email: 'ada@example.org',
  time_zone: 'Europe/Prague',
  may_train: true,
  may_narrate: true,
  may_compare: false,
  discoverable: true,
  data_version: 1,
  created_at: '2026-01-01T10:00:00Z',
  plays: 0,
};

describe('the profile', () => {
  it('sends what was changed and nothing else: another page may have changed the rest', async () => {
    const calls = serve({ 'PATCH /me': { ...account, display_name: 'Ada L.' } });
    const user = userEvent.setup();
    draw(<ProfileForm account={account} />);
    await user.type(screen.getByLabelText('Name'), ' L.');
    await user.click(screen.getByRole('button', { name: 'Keep these' }));
    expect(await screen.findByText('Kept.')).toBeVisible();
    expect(calls[0]).toMatchObject({ method: 'PATCH', body: { display_name: 'Ada L.' } });
    expect(Object.keys(calls[0]?.body as object)).toEqual(['display_name']);
  });
});

describe('leaving for good', () => {
  it('claims nothing where the answer was lost', async () => {
    serve({ 'DELETE /me': NOBODY });
    const user = userEvent.setup();
    draw(<Leaving />);
    await user.click(screen.getByRole('button', { name: 'Delete my account' }));
    await user.type(screen.getByLabelText(/to be sure/), 'delete');
    await user.click(screen.getByRole('button', { name: 'Delete everything' }));
    expect(await screen.findByText(/may or may not have been done. Press once more/)).toBeVisible();
    expect(screen.queryByText(/Nothing was deleted/)).toBeNull();
  });
});
