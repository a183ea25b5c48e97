import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { useSoundFiles } from '@/stores/soundFiles';
import { Refusal, serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { SoundPage } from './SoundPage';

const report = {
  has_library: true,
  has_previews: false,
  model_version: '3',
  heard_tracks: 412,
  counts: [
    { source: 'library', outcome: 'heard', count: 411 },
    { source: 'library', outcome: 'unmatched', count: 2 },
    { source: 'upload', outcome: 'heard', count: 1 },
  ],
  items: [
    {
      id: 1, source: 'library', name: null, outcome: 'heard', matched_by: 'duration', detail: null,
      track: track(1, 'Cold Lantern'), looked_at: '2025-03-01T20:00:00Z',
    },
    {
      id: 2, source: 'upload', name: 'noise.wav', outcome: 'refused', matched_by: null, detail: 'The audio file is silent.',
      track: null, looked_at: '2025-03-01T20:00:00Z',
    },
  ],
};

afterEach(() => useSoundFiles.getState().clear());

describe('the sound page', () => {
  it('tells what became of every file and of every source', async () => {
    serve({ 'GET /me': { time_zone: 'Europe/Prague' }, 'GET /sound/sources': report });
    draw(<SoundPage />);
    expect(await screen.findByRole('heading', { name: 'Tonearm has heard 412 tracks' })).toBeVisible();
    expect(screen.getByText('411 heard, 2 not matched')).toBeVisible();
    expect(screen.getByText('switched off')).toBeVisible();
    expect(screen.getByText('heard, matched by name and length')).toBeVisible();
    expect(screen.getByText('The audio file is silent.')).toBeVisible();
  });

  it('does not call the newest of many files all of them', async () => {
    const [one] = report.items;
    const many = (length: number) => ({ ...report, items: Array.from({ length }, (_, id) => ({ ...one, id })) });
    serve({ 'GET /sound/sources': many(200) });
    const { unmount } = draw(<SoundPage />);
    expect(await screen.findByRole('button', { name: 'Show the newest 200' })).toBeVisible();
    unmount();
    serve({ 'GET /sound/sources': many(199) });
    draw(<SoundPage />);
    expect(await screen.findByRole('button', { name: 'Show all 199' })).toBeVisible();
  });

  it('says which of several files was refused and why', async () => {
    let brought = 0;
    serve({
      'GET /me': { time_zone: 'Europe/Prague' },
      'GET /sound/sources': { ...report, items: [], counts: [], heard_tracks: 0 },
      'POST /sound/uploads': () => (brought++ ? new Refusal(422, 'Tonearm hears AAC and FLAC.') : {}),
    });
    const { unmount } = draw(<SoundPage />);
    const input = await screen.findByLabelText('Audio files');
    const files = ['one.flac', 'two.flac'].map((name) => new File(['sound'], name, { type: 'audio/flac' }));
    await userEvent.setup().upload(input, files);
    expect(await screen.findByText('two.flac: Tonearm hears AAC and FLAC.')).toBeVisible();
    expect(screen.getByText(/1 file arrived/)).toBeVisible();
    unmount();
    draw(<SoundPage />);
    expect(await screen.findByText('two.flac: Tonearm hears AAC and FLAC.')).toBeVisible();
  });
});
