import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { Profile } from '@/api/generated/model';
import { Refusal, serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { fraction } from './fractions';
import { TastePanel } from './TastePanel';

const bo = { handle: 'bo', display_name: 'Bo', is_following: true, follows_me: true } as Profile;
const taste = {
  span: 'last-365-days',
  overlap: 0.4,
  artists: [
    { id: 7, name: 'Grey Harbour', artist: null, mine: 0.4, theirs: 0.6 },
    { id: 8, name: 'Cold Lantern', artist: null, mine: 0.02, theirs: 0.015 },
  ],
  tracks: [{ id: 1, name: 'Tide', artist: { id: 7, name: 'Grey Harbour' }, mine: 0.1, theirs: 0.2 }],
  only_mine: [{ id: 9, name: 'Small Hours', share: 0.2 }],
  only_theirs: [{ id: 10, name: 'Nine Wells', share: 0.3 }],
};
const NOT_YET = /Taste can be compared once you follow each other and both allow it/;

describe('taste beside a friend’s', () => {
  it('says what was found, and both numbers of each artist in words', async () => {
    serve({ 'GET /people/bo/taste': taste });
    draw(<TastePanel person={bo} />);
    expect(await screen.findByRole('heading', { name: 'Two fifths of your listening is the same music' })).toBeVisible();
    expect(screen.getByText(/40 % of your listening is matched by Bo’s/)).toBeVisible();
    const [first, second] = within(screen.getByRole('list', { name: /Artists that you and Bo share/ })).getAllByRole('listitem');
    expect(first).toHaveTextContent('Grey HarbourYou40 %Bo60 %');
    expect(second).toHaveTextContent('Cold LanternYou2.0 %Bo1.5 %');
    expect(screen.getByRole('link', { name: 'Tide' })).toHaveAttribute('href', '/tracks/1');
    expect(screen.getByRole('link', { name: 'Small Hours' })).toBeVisible();
    // the page of somebody never listened to is not there
    expect(screen.getByText('Nine Wells')).toBeVisible();
    expect(screen.queryByRole('link', { name: 'Nine Wells' })).toBeNull();
  });

  it('asks about all time when told to, and keeps that in the address', async () => {
    const asked: unknown[] = [];
    serve({ 'GET /people/bo/taste': ({ params }: { params: { span: string } }) => (asked.push(params.span), taste) });
    const { router } = draw(<TastePanel person={bo} />);
    await userEvent.setup().click(await screen.findByRole('radio', { name: 'All time' }));
    await screen.findByRole('list', { name: /Artists/ });
    expect(asked).toEqual(['last-365-days', 'all']);
    expect(router.state.location.search).toBe('?taste=all');
  });

  it('tells nothing but what both need, whoever lacks it', async () => {
    serve({ 'GET /people/bo/taste': new Refusal(404, 'no') });
    draw(<TastePanel person={bo} />);
    expect(await screen.findByText(NOT_YET)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Settings' })).toHaveAttribute('href', '/settings');
  });

  it('does not ask where only one follows', async () => {
    const calls = serve({});
    draw(<TastePanel person={{ ...bo, follows_me: false }} />);
    expect(await screen.findByText(NOT_YET)).toBeVisible();
    expect(calls).toEqual([]);
  });

  it('says when nothing is shared, and when there is nothing to share', async () => {
    const nothing = { ...taste, overlap: 0, artists: [], tracks: [], only_mine: [], only_theirs: [] };
    serve({ 'GET /people/bo/taste': nothing });
    const { unmount } = draw(<TastePanel person={bo} />);
    expect(await screen.findByRole('heading', { name: 'You and Bo have no artist in common' })).toBeVisible();
    unmount();
    serve({ 'GET /people/bo/taste': { ...nothing, overlap: null } });
    draw(<TastePanel person={bo} />);
    expect(await screen.findByRole('heading', { name: 'Nothing to compare yet' })).toBeVisible();
  });

  it('says when it could not be fetched', async () => {
    serve({ 'GET /people/bo/taste': new Refusal(500, 'no') });
    draw(<TastePanel person={bo} />);
    expect(await screen.findByText('We could not compare your tastes.')).toBeVisible();
  });
});

it.each([
  [0.01, 'hardly any'],
  [0.4, 'two fifths'],
  [0.38, 'about two fifths'],
  [0.335, 'a third'],
  [0.54, 'about half'],
  [0.97, 'nearly all'],
])('%s is told as %s', (share, words) => {
  expect(fraction(share)).toBe(words);
});
