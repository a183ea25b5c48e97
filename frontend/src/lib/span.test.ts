import { describe, expect, it } from 'vitest';
import {
  byTheEnd,
  comparedPhrase,
  goesOn,
  inSpan,
  keptLabel,
  lasting,
  partOf,
  previousPhrase,
  spanDays,
  spanKind,
  spanLabel,
  spanNoun,
  spanPhrase,
  stepSpan,
  weekOf,
} from './span';

describe('a span', () => {
  it.each([
    ['all', 'all', 'All time', 'in all'],
    ['2024', 'year', '2024', 'in 2024'],
    ['2024-05', 'month', 'May 2024', 'in May 2024'],
    ['2024-W07', 'week', 'Week 7, 2024', 'in week 7 of 2024'],
    ['2024-05-17', 'day', '17 May 2024', 'on 17 May 2024'],
    ['last-28-days', 'last', 'Last 28 days', 'in the last 28 days'],
    ['2024-01-01..2024-03-31', 'range', '1 Jan 2024 – 31 Mar 2024', 'from 1 Jan 2024 to 31 Mar 2024'],
  ])('%s is read and told', (text, kind, label, phrase) => {
    expect(spanKind(text)).toBe(kind);
    expect(spanLabel(text)).toBe(label);
    expect(spanPhrase(text)).toBe(phrase);
  });

  it.each(['', '24', '2024-13', 'last-3-days', '2024-05..2024-06', '2024-W54', '2024-W7', '2024-W53', 'javascript:alert(1)'])('%s is none', (text) => {
    expect(spanKind(text)).toBeNull();
  });

  it.each(['2024-13-01', '2023-02-29', '2024-00-10', '2024-01-01..2024-02-30', '2024-01-32..2024-02-01'])('%s is no time', (text) => {
    expect(spanKind(text)).toBeNull();
  });

  it('steps over the ends of years and months', () => {
    expect(stepSpan('2024-12', 1)).toBe('2025-01');
    expect(stepSpan('2020-W53', 1)).toBe('2021-W01');
    expect(stepSpan('2021-W01', -1)).toBe('2020-W53');
    expect(stepSpan('2024-03-01', -1)).toBe('2024-02-29');
    expect(stepSpan('all', 1)).toBeNull();
  });

  it('knows its days', () => {
    expect(spanDays('2024-02')).toEqual({ first: '2024-02-01', last: '2024-02-29' });
    expect(spanDays('2024-W01')).toEqual({ first: '2024-01-01', last: '2024-01-07' });
    expect(spanDays('2020-W53')).toEqual({ first: '2020-12-28', last: '2021-01-03' });
    expect(['2024-01-01', '2021-01-03', '2024-12-30'].map(weekOf)).toEqual(['2024-W01', '2020-W53', '2025-W01']);
    expect(spanDays('2023')).toEqual({ first: '2023-01-01', last: '2023-12-31' });
    expect(spanDays('all')).toBeNull();
  });

  it('is told in months, a shorter one in weeks, and a week or a day in nothing less', () => {
    expect(['all', '2024', 'last-365-days', '2024-01-01..2024-06-30'].map(partOf)).toEqual(['month', 'month', 'month', 'month']);
    expect(['2024-05', 'last-28-days', '2024-01-01..2024-02-15'].map(partOf)).toEqual(['week', 'week', 'week']);
    expect(['2024-W07', '2024-05-17', 'last-7-days', '2024-05-01..2024-05-06'].map(partOf)).toEqual([null, null, null, null]);
  });

  it('is named in an address unless it is all time', () => {
    expect(inSpan('/artists/7', '2024-05')).toBe('/artists/7?span=2024-05');
    expect(inSpan('/artists/7', 'all')).toBe('/artists/7');
  });

  it.each([
    ['2026', '2026-01-01', '2026-12-31', '2026-11-12', '2026, until 12 Nov', true],
    ['2026', '2026-01-01', '2026-12-31', '2026-12-31', '2026', true],
    ['2025', '2025-01-01', '2025-12-31', '2026-11-12', '2025', false],
    ['2025', '2025-01-01', '2025-12-31', null, '2025', false],
    ['all', '2020-01-01', '2026-11-01', '2026-11-12', 'All time, until 12 Nov 2026', false],
  ])('%s from %s to %s, counted on %s, is %s', (text, first_day, last_day, told_on, label, on) => {
    const told = { span: { text, first_day, last_day }, told_on };
    expect(keptLabel(told)).toBe(label);
    expect(goesOn(told)).toBe(on);
  });

  it('has a name inside a sentence, and one that means the same days for ever', () => {
    expect(['last-28-days', 'all', '2024-W07', '2024'].map(spanNoun)).toEqual(['the last 28 days', 'all time', 'week 7 of 2024', '2024']);
    const days = { first_day: '2026-11-01', last_day: '2026-11-28' };
    expect(lasting({ ...days, text: 'last-28-days' })).toBe('2026-11-01..2026-11-28');
    expect(lasting({ ...days, text: '2026' })).toBe('2026');
    expect(byTheEnd({ ...days, text: '2020' })).toBe('by the end of 2020');
    expect(byTheEnd({ ...days, text: 'last-28-days' })).toBe('by 28 Nov 2026');
  });

  it('names what came before', () => {
    expect(previousPhrase('2024-01')).toBe('December 2023');
    expect(previousPhrase('last-7-days')).toBe('the 7 days before');
  });

  it('does not lay a year that runs beside a whole one', () => {
    const compared = (text: string, first_day: string, last_day: string) =>
      comparedPhrase({ text, first_day, last_day: '' }, { first_day: '', last_day });
    expect(compared('2026', '2026-01-01', '2025-11-24')).toBe('the same days of 2025');
    expect(compared('2026-W48', '2026-11-23', '2026-11-17')).toBe('the same days of the week before');
    expect(compared('2025', '2025-01-01', '2024-12-31')).toBe('2024');
    expect(compared('last-28-days', '2026-11-01', '2026-10-31')).toBe('the 28 days before');
  });
});
