import { fireEvent, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { RankedList } from './RankedList';
import { TrackLine } from './TrackLine';

const COVER = 'https://i.scdn.co/image/abc';

it('is a cover that tells nobody where it is shown, and a mark where that cannot be fetched', () => {
  draw(<TrackLine track={{ ...track(1), cover_url: COVER }} />);
  const cover = screen.getByRole('presentation');
  expect(cover).toHaveAttribute('src', COVER);
  expect(cover).toHaveAttribute('referrerpolicy', 'no-referrer');
  expect(cover).toHaveAttribute('loading', 'lazy');
  fireEvent.error(cover);
  expect(screen.queryByRole('presentation')).not.toBeInTheDocument();
});

it('stands in a ranking only where some cover is known', () => {
  const item = (id: number, cover_url: string | null) => ({
    id, rank: id, name: `Track ${id}`, artist: null, album: null, cover_url, listens: 3, plays: 3, ms_played: 1, previous_rank: null,
  });
  const { container, unmount } = draw(<RankedList by="listens" items={[item(1, null), item(2, null)]} />);
  expect(container.querySelectorAll('img, svg')).toHaveLength(0);
  unmount();
  const covered = draw(<RankedList by="listens" items={[item(1, COVER), item(2, null)]} />);
  expect(covered.container.querySelectorAll('img, svg')).toHaveLength(2);
});
