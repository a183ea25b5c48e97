import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { draw } from '@/testing/render';
import { serve } from '@/testing/api';
import { askForLink, ownerOfLink } from '@/lib/passwords';
import { NewPassword } from './NewPassword';
import { SignInPanel } from './SignInPanel';

vi.mock('@/lib/passwords', () => ({ SHORTEST: 6, askForLink: vi.fn(), ownerOfLink: vi.fn(), chooseByLink: vi.fn() }));

const config = (emulator: string | null) => ({
  firebase: { api_key: 'k', project_id: 'p', auth_emulator_url: emulator, google_enabled: false },
  demo: null,
  takes_new_accounts: true,
});

const forget = async (emulator: string | null) => {
  serve({ 'GET /config': config(emulator) });
  const user = userEvent.setup();
  draw(<SignInPanel />);
  await user.type(screen.getByLabelText('E-mail'), 'ada@example.org');
  await user.click(screen.getByRole('button', { name: 'Forgot your password?' }));
  await user.click(screen.getByRole('button', { name: 'Get a link to a new password' }));
};

describe('the way in', () => {
  it('offers no new account where none are made', async () => {
    serve({ 'GET /config': { ...config(null), takes_new_accounts: false } });
    draw(<SignInPanel />);
    expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeVisible();
    expect(screen.queryByRole('radio', { name: 'Create an account' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeVisible();
  });
});

describe('a forgotten password', () => {
  beforeEach(() => vi.resetAllMocks());

  it('is asked for by mail where there is mail, and nobody learns who is signed up', async () => {
    await forget(null);
    expect(await screen.findByText(/If somebody is signed up as ada@example.org/)).toBeVisible();
    expect(askForLink).toHaveBeenCalledWith('ada@example.org');
  });

  it('is asked of whoever runs a Tonearm without mail', async () => {
    await forget('http://127.0.0.1:9');
    expect(await screen.findByText('make password EMAIL=ada@example.org')).toBeVisible();
    expect(askForLink).not.toHaveBeenCalled();
  });

  it('says what went wrong, and goes back', async () => {
    vi.mocked(askForLink).mockRejectedValue({ code: 'auth/too-many-requests' });
    await forget(null);
    expect(await screen.findByRole('alert')).toHaveTextContent('Too many tries');
    await userEvent.click(screen.getByRole('button', { name: 'Back to signing in' }));
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeVisible();
  });

  it('refuses a link that is too old', async () => {
    vi.mocked(ownerOfLink).mockRejectedValue({ code: 'auth/expired-action-code' });
    draw(<NewPassword />, { path: '/new-password', url: '/new-password?oobCode=x' });
    expect(await screen.findByRole('alert')).toHaveTextContent('This link is too old. Ask for another one.');
    expect(screen.getByRole('link', { name: 'To signing in' })).toBeVisible();
  });
});
