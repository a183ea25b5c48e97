import { AxiosError, AxiosHeaders } from 'axios';
import { describe, expect, it } from 'vitest';
import { MADE_ONCE, notDone, reason } from './States';

const lost = new AxiosError('Network Error', AxiosError.ERR_NETWORK);
const config = { headers: new AxiosHeaders() };
const refused = new AxiosError('refused', AxiosError.ERR_BAD_REQUEST, config, null, {
  status: 409,
  statusText: '',
  headers: { 'content-type': 'application/problem+json' },
  config,
  data: { detail: 'There is a play at this time.' },
});

describe('what became of something a person did', () => {
  it('is not known where no answer came, and nobody is told that nothing was changed', () => {
    const told = notDone('Your post did not go out.', lost, MADE_ONCE);
    expect(told).toBe('No answer came, so it may or may not have been done. You can do it again: it is made only once.');
    expect(notDone('Nothing was changed.', lost)).toMatch(/Look again/);
  });

  it('is known where it was refused', () => {
    expect(notDone('Nothing was changed.', refused)).toBe('Nothing was changed. There is a play at this time.');
  });
});

describe('a question', () => {
  it('is asked again by itself', () => {
    expect(reason(lost)).toBe('The server did not answer; it may be restarting, and this page asks again by itself.');
  });
});
