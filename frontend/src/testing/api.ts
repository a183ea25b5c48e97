import { AxiosError, CanceledError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { client, KEY } from '@/lib/http';

type Answer = unknown;
interface Asked {
  params: Record<string, unknown>;
  body: unknown;
  /** Under which the API would make it only once. */
  key: unknown;
}

type Responder = (request: Asked) => Answer;

interface Call {
  method: string;
  path: string;
  body: unknown;
}

export class Refusal {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {}
}

/** No server at all, as when the API restarts. */
export const NOBODY = Symbol('nobody answers');

/**
 * A small API in memory for component tests: "GET /me" → what it answers, now or later. Everything else is a 404.
 * Returns the calls made, in order.
 */
export function serve(routes: Record<string, Answer>): Call[] {
  const calls: Call[] = [];
  client.defaults.adapter = async (config: InternalAxiosRequestConfig) => {
    const method = (config.method ?? 'get').toUpperCase();
    const path = (config.url ?? '').replace('/api/v1', '');
    const body: unknown = typeof config.data === 'string' ? JSON.parse(config.data) : config.data;
    calls.push({ method, path, body });
    const route = routes[`${method} ${path}`];
    const params = (config.params ?? {}) as Record<string, unknown>;
    const answering = typeof route === 'function' ? (route as Responder)({ params, body, key: config.headers.get(KEY) }) : route;
    const answer: Answer = await Promise.race([answering, brokenOff(config)]);
    if (answer === NOBODY) throw new AxiosError('Network Error', AxiosError.ERR_NETWORK, config);
    const refused = route === undefined ? new Refusal(404, 'It is not here.') : answer;
    const response: AxiosResponse = {
      data: answer,
      status: 200,
      statusText: 'OK',
      headers: { 'content-type': 'application/json' },
      config,
    };
    if (refused instanceof Refusal) {
      response.status = refused.status;
      response.data = { title: 'Refused', status: refused.status, detail: refused.detail };
      response.headers = { 'content-type': 'application/problem+json' };
      throw new AxiosError('refused', AxiosError.ERR_BAD_REQUEST, config, null, response);
    }
    return response;
  };
  return calls;
}

/** Rejects when whoever asked does not want to know any more. */
function brokenOff({ signal }: InternalAxiosRequestConfig): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener?.('abort', () => reject(new CanceledError()));
  });
}
