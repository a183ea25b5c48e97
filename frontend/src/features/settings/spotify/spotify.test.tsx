import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { Spotify, SpotifyConnection } from '@/api/generated/model';
import { Refusal, serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { SpotifyPanel } from './SpotifyPanel';
import { SpotifyReturnPage } from './SpotifyReturnPage';

const connection: SpotifyConnection = {
  state: 'connected',
  account_name: 'Night owl',
  consented_at: '2026-11-20T10:00:00Z',
  consent_ends_at: '2027-05-20T10:00:00Z',
  consent_days_left: 177,
  consent_ends_soon: false,
  looked_at: '2026-11-24T10:00:00Z',
  next_look_at: '2099-11-24T10:25:00Z',
  waiting_until: null,
  why: null,
  trouble_since: null,
  gap_at: null,
  captured_plays: 412,
  captured_ms: 82_800_000,
  captured_since: '2026-11-20T08:00:00Z',
  deleted_at: null,
  enrichment: { allowed_here: true, on: true, known: 312, total: 2904, calls_left: 340 },
};

const page = (changes: Partial<SpotifyConnection> | null, more: Partial<Spotify> = {}): Spotify => ({
  configured: true,
  obstacle: null,
  redirect_uri: 'http://127.0.0.1:7700/settings/spotify',
  stand_in: false,
  look_every_minutes: 25,
  connection: changes && { ...connection, ...changes },
  ...more,
});

const panel = <SpotifyPanel timeZone="UTC" />;

describe('the connection to Spotify', () => {
  it.each([
    ['not configured', page(null, { configured: false, obstacle: 'Set SPOTIFY_CLIENT_ID.' }), ['Live capture is not set up here', 'Set SPOTIFY_CLIENT_ID.', 'http://127.0.0.1:7700/settings/spotify']],
    ['not connected', page(null), ['Your plays can come by themselves', 'Connect Spotify']],
    ['a stand-in', page(null, { stand_in: true }), ['a stand-in on this machine takes Spotify’s place']],
    ['connected', page({}), ['Night owl', '412 plays, 23 h 0 min at most', 'another 177 days, until 20 May 2027', '312 of 2,904 tracks looked up', '340 calls left']],
    ['waiting', page({ state: 'waiting', why: 'Spotify asked us to wait.', waiting_until: '2026-11-24T17:40:00Z' }), ['The next look at Spotify has to wait', 'Spotify asked us to wait.', '17:40']],
    ['our own budget', page({ state: 'waiting', why: 'Our own limit of calls to Spotify is used up for now.', waiting_until: '2026-11-24T17:40:00Z' }), ['The next look at Spotify has to wait', 'Our own limit', '17:40']],
    ['the app is gone', page({ state: 'off', why: 'This Tonearm has no Spotify app any more.', next_look_at: null }, { configured: false }), ['Live capture is switched off here', 'no Spotify app any more', 'Disconnect']],
    ['failing', page({ state: 'failing', why: 'Spotify does not answer as it should.', trouble_since: '2026-11-24T09:00:00Z' }), ['did not work', 'Spotify does not answer as it should.']],
    ['about to end', page({ consent_ends_soon: true, consent_days_left: 9 }), ['another 9 days', 'Connect again']],
    ['reconnect', page({ state: 'reconnect', consent_days_left: 0 }), ['Spotify wants your permission again', 'Nothing was lost', 'Connect again']],
    ['disconnected', page({ state: 'disconnected', deleted_at: '2099-11-27T10:00:00Z' }), ['412 plays that came from there are deleted on 27 Nov 2099', 'Connect again']],
    ['a gap', page({ gap_at: '2026-11-23T10:00:00Z' }), ['some before them may be missing']],
  ])('%s', async (_, answer, texts) => {
    serve({ 'GET /spotify': answer });
    const { container } = draw(panel);
    await screen.findByRole('region');
    await screen.findByText((text) => text.includes(texts[0] ?? ''));
    for (const text of texts) expect(container.textContent).toContain(text);
  });

  it('says why nothing could be begun', async () => {
    serve({ 'GET /spotify': page(null), 'POST /spotify/authorisation': new Refusal(409, 'Its operator has to set it up.') });
    draw(panel);
    await userEvent.click(await screen.findByRole('button', { name: 'Connect Spotify' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Its operator has to set it up.');
  });

  it('offers no look where nothing can be looked at', async () => {
    serve({ 'GET /spotify': page({ state: 'off', why: 'This Tonearm has no Spotify app any more.', looked_at: null, next_look_at: null }) });
    const { container } = draw(panel);
    expect(await screen.findByRole('button', { name: 'Disconnect' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Look now' })).toBeNull();
    expect(container.textContent).not.toContain('on its way');
  });

  it('asks before it disconnects, and offers to delete at once', async () => {
    const calls = serve({ 'GET /spotify': page({}), 'DELETE /spotify/link': page({ state: 'disconnected', deleted_at: '2099-11-27T10:00:00Z' }) });
    draw(panel);
    await userEvent.click(await screen.findByRole('button', { name: 'Disconnect' }));
    expect(calls.some((call) => call.method === 'DELETE')).toBe(false);
    const dialog = screen.getByRole('dialog');
    expect(dialog).toHaveTextContent('412 plays that came from there are deleted in three days');
    expect(within(dialog).getByRole('button', { name: 'Delete it all now' })).toBeVisible();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Disconnect' }));
    expect(await screen.findByText('Spotify is disconnected')).toBeVisible();
  });
});

describe('coming back from Spotify', () => {
  const back = { path: '/settings/spotify', url: '/settings/spotify?code=abc&state=once' };

  it('hands in what Spotify sent, once', async () => {
    const calls = serve({ 'POST /spotify/link': page({}) });
    draw(<SpotifyReturnPage />, back);
    expect(await screen.findByText('elsewhere')).toBeVisible();
    expect(calls).toEqual([{ method: 'POST', path: '/spotify/link', body: { code: 'abc', state: 'once' } }]);
  });

  it('says that nothing was stored when it was refused', async () => {
    serve({ 'POST /spotify/link': new Refusal(400, 'It is too old. Nothing was stored.') });
    draw(<SpotifyReturnPage />, { ...back, url: '/settings/spotify?code=abc&state=old' });
    expect(await screen.findByText('Nothing was connected')).toBeVisible();
    expect(screen.getByText('It is too old. Nothing was stored.')).toBeVisible();
  });

  it('takes a no for an answer', async () => {
    const calls = serve({});
    draw(<SpotifyReturnPage />, { ...back, url: '/settings/spotify?error=access_denied&state=x' });
    expect(await screen.findByText(/You said no/)).toBeVisible();
    expect(calls).toEqual([]);
  });
});
