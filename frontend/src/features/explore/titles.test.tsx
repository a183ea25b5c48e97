import { screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Ways } from '@/api/generated/model';
import { ThroughTime } from '@/components/listening/ThroughTime';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { Endings } from './Endings';
import { Eras } from './Eras';
import { Obsessions } from './Obsessions';
import { Places } from './Places';
import { Returns } from './Returns';

const year = { text: '2020', first_day: '2020-01-01', last_day: '2020-12-31' };
const heading = (name: string | RegExp) => screen.findByRole('heading', { name });

afterEach(() => vi.useRealTimers());

describe('what nobody told', () => {
  const share = { share: null, yes: 0, told: 0 };
  const reasons = (...codes: (string | null)[]) => codes.map((reason) => ({ reason, plays: 4, share: 1 / codes.length }));
  const ways = (began: (string | null)[], ended: (string | null)[]) =>
    ({ span: year, began: reasons(...began), ended: reasons(...ended), shuffled: share, offline: share, private: share, most_finished: [] }) as unknown as Ways;

  it('is no reason why a play begins or ends', () => {
    draw(<Endings data={ways([null, 'trackdone'], [''])} beside={null} against={null} />);
    expect(screen.getByRole('heading', { name: 'How plays begin, nobody told' })).toBeVisible();
    expect(screen.getByRole('heading', { name: 'How plays end, nobody told' })).toBeVisible();
  });

  it('does not hide what somebody did', () => {
    draw(<Endings data={ways(['playbtn', null], ['trackdone'])} beside={null} against={null} />);
    expect(screen.getByRole('heading', { name: 'A play begins because you pressed play' })).toBeVisible();
    expect(screen.getByRole('heading', { name: 'A play ends because it was over' })).toBeVisible();
  });

  it.each([
    [[null], 'In which countries you listen, nobody told'],
    [['ZZ', null], 'In which countries you listen, nobody told'],
    [['DE'], 'All of it in Germany'],
    [['DE', null], 'As far as anybody told, all of it in Germany'],
    [['DE', 'AT', null], 'Music in 2 countries'],
  ])('is no country: %j', async (codes, title) => {
    const place = { plays: 1, listens: 1, ms_played: 60_000, share: 0.5, days: 1, first_day: '2020-01-01', last_day: '2020-01-01' };
    serve({ 'GET /analysis/places': { span: year, devices: [{ ...place, device: null }], countries: codes.map((country) => ({ ...place, country })) } });
    draw(<Places span="2020" against={null} />);
    expect(await heading(title)).toBeVisible();
  });
});

describe('what has not come back', () => {
  const lost = { track: track(1, 'Fog'), listens: 12, last_day: '2019-06-01' };
  const answer = (text: string, last_day: string, forgotten: object[]) => ({
    ...{ silence_days: 180, tracks: [], artists: [], forgotten_artists: [], forgotten_since: '2020-01-01' },
    ...{ span: { ...year, text, last_day }, forgotten_tracks: forgotten },
  });

  it.each([
    ['2020', '2020-12-31', 'By the end of 2020 you had not heard Fog since 1 Jun 2019'],
    ['2020-01-01..2020-06-30', '2020-06-30', 'By 30 Jun 2020 you had not heard Fog since 1 Jun 2019'],
    ['2021', '2021-12-31', 'You have not heard Fog since 1 Jun 2019'],
    ['all', '2021-01-20', 'You have not heard Fog since 1 Jun 2019'],
  ])('in %s until %s is told from there', async (text, last, title) => {
    vi.useFakeTimers({ now: new Date('2021-02-01T12:00:00Z'), toFake: ['Date'] });
    serve({ 'GET /analysis/rediscovery': answer(text, last, [lost]) });
    draw(<Returns span={text} />);
    expect(await heading(title)).toBeVisible();
  });
});

describe('obsessions', () => {
  it('offer no tab that shows the other', async () => {
    const stretch = { track: null, artist: { id: 3, name: 'Mira Sol' }, first_day: '2020-02-01', last_day: '2020-02-01', days: 1, listens: 20, share: 0.5 };
    serve({ 'GET /analysis/obsessions': { span: year, tracks: [{ ...stretch, track: track(1, 'Fog'), artist: null }], artists: [] } });
    draw(<Obsessions span="2020" />);
    expect(await heading('Fog took over for 1 day')).toBeVisible();
    expect(screen.queryByRole('radio', { name: 'Artists' })).toBeNull();
  });
});

describe('a title', () => {
  it('has no loudest month where all were silent', async () => {
    const points = ['2020-01-01', '2020-02-01'].map((start) => ({ start, listens: 0, ms_played: 0 }));
    serve({ 'GET /analysis/timeline': { unit: 'month', points } });
    draw(<ThroughTime span="2020" onChoose={() => undefined} />);
    await expect(screen.findByRole('heading', undefined, { timeout: 300 })).rejects.toThrow();
  });

  it('does not take the largest part for most of it, nor a year for older than itself', async () => {
    const decades = [
      { decade: 1990, share: 0.3, listens: 3 },
      { decade: 2010, share: 0.4, listens: 4 },
      { decade: 2020, share: 0.3, listens: 3 },
    ];
    serve({ 'GET /analysis/eras': { known: 10, known_share: 1, median_year: 2015, median_age_years: 4, listens: 10, note: null, decades } });
    draw(<Eras span="2020" against={null} />);
    expect(await heading(/^40\s% of it is from the 2010s; the year in the middle is 2015$/)).toBeVisible();
  });
});
