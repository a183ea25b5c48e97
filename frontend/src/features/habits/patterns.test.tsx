import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { DueBack as Due, HabitPatterns } from '@/api/generated/model';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { DueBack } from './DueBack';
import { NextArtists } from './NextArtists';
import { NextSession } from './NextSession';
import { RoutineAndPhases } from './RoutineAndPhases';
import { SurprisingDays } from './SurprisingDays';

const model = { name: 'habit', version: '2', is_fallback: false, detail: null };

const late: Due = {
  track: null, artist: { id: 7, name: 'Grey Harbour' }, visits: 8, usual_days: 40, silent_days: 55,
  last_day: '2025-01-05', why: 'You came back to it 7 times, after some 40 days as a rule. Now it has been 55.',
};
const month = (start: string, routine: number) => ({ start, routine, phase: 10, new: 5, visit: 5 });
const patterns: HabitPatterns = {
  as_of: '2025-03-01', told: '60 % of what you heard in the last 6 months was routine.',
  months: [month('2024-11-01', 10), month('2024-12-01', 40), month('2025-01-01', 80)],
  phases: [{ track: null, artist: { id: 9, name: 'Anode Republic' }, first_day: '2025-01-02', last_day: '2025-01-20', days: 19, listens: 60, share: 0.4 }],
  phase_now: false, due_artists: [late], due_tracks: [{ ...late, artist: null, track: track(1, 'Cold Lantern') }],
};

describe('habits that counting knows', () => {
  it('says what it is time for again, and by which rhythm', () => {
    draw(<DueBack patterns={patterns} />);
    expect(screen.getByRole('heading', { name: 'It is time for Grey Harbour again' })).toBeVisible();
    expect(screen.getAllByText('55 days')).toHaveLength(2);
    expect(screen.getByRole('link', { name: 'Cold Lantern' })).toBeVisible();
  });

  it('says so where nothing is overdue', () => {
    draw(<DueBack patterns={{ ...patterns, due_artists: [], due_tracks: [] }} />);
    expect(screen.getByRole('heading', { name: 'Nothing is overdue' })).toBeVisible();
  });

  it('names the most regular month and the phases', () => {
    draw(<RoutineAndPhases patterns={patterns} />);
    expect(screen.getByRole('heading', { name: 'January 2025 was your most regular month' })).toBeVisible();
    expect(screen.getByRole('heading', { name: 'Your last phase was Anode Republic' })).toBeVisible();
    expect(screen.getByText('19 days, 40 % of all listens')).toBeVisible();
  });

  it('takes the phase that goes on for the running one, also where another began later and is over', () => {
    const running = { track: null, artist: { id: 7, name: 'Grey Harbour' }, first_day: '2024-12-20', last_day: '2025-02-28', days: 71, listens: 90, share: 0.4 };
    draw(<RoutineAndPhases patterns={{ ...patterns, phase_now: true, phases: [running, ...patterns.phases] }} />);
    expect(screen.getByRole('heading', { name: 'Since 20 Dec 2024 you are in a phase: Grey Harbour' })).toBeVisible();
  });

  it('keeps the year of the surprising days in the address', async () => {
    serve({
      'GET /analysis/spans': { first_day: '2019-03-04', last_day: '2025-02-10', years: ['2019', '2025'], months: [] },
      'GET /habits/days': { days: [{ day: '2019-06-01', why: 'Eleven hours of one album.' }], model },
    });
    const user = userEvent.setup();
    const { router } = draw(<SurprisingDays days={[]} />, { url: '/?year=2019' });
    expect(await screen.findByRole('heading', { name: '1 Jun 2019 was the day least like you in 2019' })).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'Lately' }));
    expect(router.state.location.search).toBe('');
    expect(screen.getByRole('heading', { name: 'No day stands out lately' })).toBeVisible();
  });

  it('says what both need while a history is young', () => {
    draw(<RoutineAndPhases patterns={{ ...patterns, months: [], phases: [] }} />);
    expect(screen.getByRole('heading', { name: 'Routine shows after twelve weeks' })).toBeVisible();
    expect(screen.getByRole('heading', { name: 'No artist ever took over' })).toBeVisible();
  });

  it('says whose music is likeliest and how sure it is', () => {
    const artists = [
      { artist: { id: 7, name: 'Grey Harbour' }, probability: 0.5, why: '31 listens in 4 weeks.' },
      { artist: { id: 8, name: 'Tarn Almanac' }, probability: 0.2, why: '4 listens in 4 weeks.' },
    ];
    draw(<NextArtists artists={artists} />);
    expect(screen.getByRole('heading', { name: 'If music began now, Grey Harbour would be likeliest' })).toBeVisible();
    expect(screen.getByText(/70.% sure that it is one of these 2/)).toBeVisible();
  });

  it('says how likely one is back within some hours, where a model told it', () => {
    const next = { expected_hours: 2.1, p10: 0.3, p90: 11.4, within: [{ hours: 3, probability: 0.58 }, { hours: 24, probability: 0.96 }] };
    const { unmount } = draw(<NextSession next={next} />);
    expect(screen.getByText('within 3 h').nextSibling).toHaveTextContent(/^58.%$/);
    expect(screen.getByText('within a day').nextSibling).toHaveTextContent(/^96.%$/);
    unmount();
    draw(<NextSession next={{ ...next, within: [] }} />);
    expect(screen.queryByText('within 3 h')).toBeNull();
    expect(screen.getByRole('heading', { name: /You will be back in about 2.h/ })).toBeVisible();
  });
});
