import { AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { describe, expect, it } from 'vitest';
import { getReadConfigQueryKey } from '@/api/generated';
import { createQueryClient, forgetListener } from './queryClient';

function answered(status: number, headers: Record<string, string>, type = 'urn:tonearm:problem:other'): AxiosError {
  const config: InternalAxiosRequestConfig = { headers: new AxiosHeaders() };
  return new AxiosError('refused', AxiosError.ERR_BAD_RESPONSE, config, null, {
    status,
    statusText: '',
    headers: { 'content-type': 'application/problem+json', ...headers },
    config,
    data: { type },
  });
}

function asksAgain(error: Error, failures = 0, what: 'queries' | 'mutations' = 'queries'): boolean {
  const retry = createQueryClient().getDefaultOptions()[what]?.retry;
  return typeof retry === 'function' && retry(failures, error);
}

describe('a question that failed', () => {
  it('is asked again while a part is away that will come back', () => {
    expect(asksAgain(answered(503, { 'retry-after': '2' }))).toBe(true);
    expect(asksAgain(new AxiosError('nobody there', AxiosError.ERR_NETWORK))).toBe(true);
  });

  it('is not asked again where asking cannot help', () => {
    for (const status of [401, 404, 409, 422, 500, 507]) expect(asksAgain(answered(status, {}))).toBe(false);
    expect(asksAgain(answered(429, { 'retry-after': '3600' }))).toBe(false);
  });

  it('is given up in the end', () => {
    expect(asksAgain(answered(503, { 'retry-after': '2' }), 5)).toBe(false);
  });
});

describe('a change that failed', () => {
  it('is sent again only where it was turned away before anything was done', () => {
    const turnedAway = answered(503, { 'retry-after': '2' }, 'urn:tonearm:problem:overloaded');
    expect(asksAgain(turnedAway, 0, 'mutations')).toBe(true);
    expect(asksAgain(turnedAway, 5, 'mutations')).toBe(false);
    const halfWay = answered(503, { 'retry-after': '2' }, 'urn:tonearm:problem:database-unavailable');
    for (const error of [halfWay, answered(409, {}), new AxiosError('nobody there', AxiosError.ERR_NETWORK)])
      expect(asksAgain(error, 0, 'mutations')).toBe(false);
  });
});

describe('the next listener', () => {
  it('sees nothing of the one before, and need not wait for what is the same for all', () => {
    const client = createQueryClient();
    client.setQueryData(['totals', '2024'], { listens: 4000 });
    client.setQueryData(getReadConfigQueryKey(), { demo: null });
    forgetListener(client);
    expect(client.getQueryData(['totals', '2024'])).toBeUndefined();
    expect(client.getQueryData(getReadConfigQueryKey())).toEqual({ demo: null });
  });
});
