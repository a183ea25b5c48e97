import axios, { AxiosError, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { useConnection } from '@/stores/connection';

/** What the client needs from whoever knows who is signed in; set once by lib/auth. */
interface Identity {
  /** Null when nobody is signed in (any more). Rejects when the sign-in service does not answer. */
  token: (fresh: boolean) => Promise<string | null>;
  refused: () => void;
}

let identity: Identity | null = null;

export function identifyRequestsBy(source: Identity | null): void {
  identity = source;
}

/** What the API knows a request by that is sent again. */
export const KEY = 'Idempotency-Key';

const SIGN_IN_AWAY = 'ERR_SIGN_IN_AWAY';

/** Raises what `isAway` knows while the sign-in service gives no token: nothing was sent then, and nobody was refused. */
export async function bearer(fresh = false): Promise<Record<string, string>> {
  try {
    const token = await identity?.token(fresh);
    return token ? { Authorization: `Bearer ${token}` } : {};
  } catch (cause) {
    throw Object.assign(new AxiosError('The sign-in service did not answer.', SIGN_IN_AWAY), { cause });
  }
}

interface Attempt {
  /** It was refused once, and goes with a fresh token now. */
  triedFreshToken?: boolean;
}

// The API reads a repeated parameter as a list: shows=days&shows=hours.
export const client = axios.create({ timeout: 30_000, paramsSerializer: { indexes: null } });

client.interceptors.request.use(async (config) => {
  const { triedFreshToken } = config as Attempt;
  for (const [name, value] of Object.entries(await bearer(triedFreshToken))) config.headers.set(name, value);
  return config;
});

client.interceptors.response.use(
  (response) => {
    useConnection.getState().markBack();
    return response;
  },
  async (error: AxiosError) => {
    if (isAway(error)) useConnection.getState().markAway(isSignInAway(error) ? 'sign-in' : 'api');
    else if (error.response) useConnection.getState().markBack();
    const config = error.config as (InternalAxiosRequestConfig & Attempt) | undefined;
    if (error.response?.status === 401 && config) {
      if (!config.triedFreshToken && config.headers.has('Authorization')) {
        return client.request({ ...config, triedFreshToken: true } as AxiosRequestConfig);
      }
      identity?.refused();
    }
    throw error;
  },
);

/** Keys of what was sent and not done yet as far as is known, by what was sent. */
const unanswered = new Map<string, string>();

/** A text that nobody has used; `crypto.randomUUID` is missing where a Tonearm at home has no TLS. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The one door through which the generated client talks to the API. What makes something goes under a key, the same one
 * until it is answered that it was made: whoever presses again after a lost answer does not make it twice. A file is no text: who sends one brings its key.
 */
export async function http<T>(config: AxiosRequestConfig, options?: AxiosRequestConfig): Promise<T> {
  const asked = config.method === 'POST' ? JSON.stringify([config.url, config.params, config.data]) : null;
  const key = asked && (unanswered.get(asked) ?? newKey());
  if (asked && key) unanswered.set(asked, key);
  const headers = { ...(key && { [KEY]: key }), ...config.headers, ...options?.headers };
  const { data } = await client.request<T>({ ...config, ...options, headers });
  if (asked) unanswered.delete(asked);
  // what was made without an answer may be what is gone now: made anew, it is new
  if (config.method === 'DELETE') unanswered.clear();
  return data;
}

export type ErrorType<E> = AxiosError<E>;
export type BodyType<B> = B;

/** No answer at all, or a proxy saying that nobody is behind it: the API is restarting or gone, not refusing. */
export function isAway(error: unknown): boolean {
  if (!axios.isAxiosError(error) || axios.isCancel(error)) return false;
  const status = error.response?.status;
  if (status === undefined) return error.code !== AxiosError.ERR_CANCELED;
  const isProblem = String(error.response?.headers['content-type'] ?? '').includes('problem+json');
  return status === 502 || status === 504 || ((status === 503 || status === 500) && !isProblem);
}

/** The sign-in service gave no token: what was asked has not even been sent. */
export function isSignInAway(error: unknown): boolean {
  return axios.isAxiosError(error) && error.code === SIGN_IN_AWAY;
}

/** It was sent, and its answer did not come: nobody knows whether it was done. */
export function isLost(error: unknown): boolean {
  return isAway(error) && !isSignInAway(error);
}

/** The API answers, but a part of it is away and it says when to ask again: its database restarts, say. */
export function isToldToComeBack(error: unknown): boolean {
  return axios.isAxiosError(error) && error.response?.status === 503 && Boolean(error.response.headers['retry-after']);
}

const TURNED_AWAY = 'urn:tonearm:problem:overloaded';

/** Told to come back before anything was looked at: what was asked has certainly not been done, so it may be sent again. */
export function isTurnedAway(error: unknown): boolean {
  if (!isToldToComeBack(error) || !axios.isAxiosError(error)) return false;
  const body: unknown = error.response?.data;
  return typeof body === 'object' && body !== null && 'type' in body && body.type === TURNED_AWAY;
}

export function statusOf(error: unknown): number | undefined {
  return axios.isAxiosError(error) ? error.response?.status : undefined;
}

/** The API's own sentence about what went wrong (RFC 9457 `detail`), where it gave one. */
export function detailOf(error: unknown): string | undefined {
  if (!axios.isAxiosError(error)) return undefined;
  const body: unknown = error.response?.data;
  if (typeof body !== 'object' || body === null) return undefined;
  if ('detail' in body && typeof body.detail === 'string') return body.detail;
  if ('title' in body && typeof body.title === 'string') return body.title;
  return undefined;
}
