import { AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { describe, expect, it } from 'vitest';
import { createQueryClient } from './queryClient';

function answered(status: number, headers: Record<string, string>): AxiosError {
  const config: InternalAxiosRequestConfig = { headers: new AxiosHeaders() };
  return new AxiosError('refused', AxiosError.ERR_BAD_RESPONSE, config, null, {
    status,
    statusText: '',
    headers: { 'content-type': 'application/problem+json', ...headers },
    config,
    data: {},
  });
}

function asksAgain(error: Error, failures = 0): boolean {
  const retry = createQueryClient().getDefaultOptions().queries?.retry;
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
