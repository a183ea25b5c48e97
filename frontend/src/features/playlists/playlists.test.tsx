import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { AddToPlaylist } from '@/components/listening/AddToPlaylist';
import { MakePlaylist } from '@/components/listening/MakePlaylist';
import { Refusal, serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { PlaylistPage } from './PlaylistPage';
import { PlaylistsPage } from './PlaylistsPage';
import { table } from './TakeAlong';

const playlist = (...ids: number[]) => ({
  id: 9,
  name: 'Evenings',
  description: '',
  created_at: '2026-01-01T00:00:00Z',
  track_count: ids.length,
  tracks: ids.map((id) => track(id)),
});
const at = { path: '/playlists/:id', url: '/playlists/9' };

describe('a playlist', () => {
  it('says what it was when its order is changed, and is fetched anew when that is not so any more', async () => {
    let now = playlist(1, 2);
    const calls = serve({
      'GET /playlists/9': () => now,
      'PATCH /playlists/9': new Refusal(409, 'This playlist was changed elsewhere.'),
    });
    const user = userEvent.setup();
    draw(<PlaylistPage />, at);
    const button = await screen.findByRole('button', { name: 'Take Track 1 out' });
    now = playlist(1, 2, 3);
    await user.click(button);
    expect(await screen.findByText('Track 3')).toBeVisible();
    expect(screen.getByText(/This playlist was changed elsewhere/)).toBeVisible();
    expect(calls.find(({ method }) => method === 'PATCH')?.body).toEqual({ track_ids: [2], instead_of: [1, 2] });
  });

  it('goes along to Spotify line by line, and to a spreadsheet as text', async () => {
    const user = userEvent.setup();
    const mixed = { ...playlist(1, 2), tracks: [track(1), { ...track(2), key: 'artist:a|b|song:2' }] };
    serve({ 'GET /playlists/9': mixed });
    draw(<PlaylistPage />, at);
    await user.click(await screen.findByRole('button', { name: 'Take along' }));
    expect(screen.getByLabelText('Tracks for Spotify')).toHaveValue('spotify:track:1');
    expect(screen.getByText(/1 of 2 came from elsewhere/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy for Spotify' }));
    expect(await navigator.clipboard.readText()).toBe('spotify:track:1');
    expect(table([{ ...track(3, '=1+1'), album: { id: 1, name: 'A "best" of' } }])).toBe(
      '\uFEFF"Track","Artist","Album","Key"\r\n"\'=1+1","Grey Harbour","A ""best"" of","spotify:track:3"\r\n',
    );
  });

  it('may begin empty', async () => {
    const calls = serve({ 'GET /playlists': { items: [] }, 'POST /playlists': playlist() });
    const user = userEvent.setup();
    const { router } = draw(<PlaylistsPage />, { path: '/playlists' });
    await user.click(screen.getByRole('button', { name: 'New playlist' }));
    await user.type(screen.getByLabelText('Name'), 'Mornings');
    await user.click(screen.getByRole('button', { name: 'Make it' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/playlists/9'));
    expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({ name: 'Mornings', track_ids: [] });
  });
});

const ids = (from: number) => Array.from({ length: 60 }, (_, index) => from + index);

function Changing() {
  const [from, setFrom] = useState(1);
  return (
    <>
      <MakePlaylist suggested={`Top ${from}`} ids={ids(from)} />
      <p onClick={() => setFrom(1000)}>Change</p>
    </>
  );
}

describe('a list that becomes a playlist', () => {
  it('is kept as it stood when the dialog opened, as long as is chosen', async () => {
    const calls = serve({ 'POST /playlists': playlist() });
    const user = userEvent.setup();
    draw(<Changing />);
    await user.click(screen.getByRole('button', { name: 'Make a playlist' }));
    expect([...screen.getByLabelText<HTMLSelectElement>('How many').options].map(({ value }) => value)).toEqual(['25', '50', '60']);
    await user.selectOptions(screen.getByLabelText('How many'), '25');
    await user.click(screen.getByText('Change'));
    await user.click(screen.getByRole('button', { name: 'Make it' }));
    const made = calls.find(({ method }) => method === 'POST');
    expect(made?.body).toEqual({ name: 'Top 1', track_ids: ids(1).slice(0, 25) });
  });
});

describe('a track', () => {
  it('is put at the end of a playlist, and what is there is not sent', async () => {
    const calls = serve({ 'GET /playlists': { items: [playlist(1)] }, 'POST /playlists/9/tracks': playlist(1, 2) });
    const user = userEvent.setup();
    draw(<AddToPlaylist track={track(2, 'Salt')} />);
    await user.click(screen.getByRole('button', { name: 'Add to a playlist' }));
    await user.click(await screen.findByRole('button', { name: /Evenings/ }));
    expect(await screen.findByText('Salt is in Evenings now.')).toBeVisible();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({ track_ids: [2] });
  });
});
