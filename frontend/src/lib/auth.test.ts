import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useConnection } from '@/stores/connection';
import { useSession } from '@/stores/session';
import { Refusal, serve } from '@/testing/api';
import { leave, startAuth } from './auth';
import { client, isAway, statusOf } from './http';

interface Fake {
  auth: { currentUser: unknown };
  tell: (user: unknown) => void;
}

const firebase = vi.hoisted((): Fake => ({ auth: { currentUser: null }, tell: () => undefined }));

vi.mock('firebase/app', () => ({ initializeApp: () => undefined }));
vi.mock('firebase/auth', () => ({
  indexedDBLocalPersistence: {},
  browserLocalPersistence: {},
  initializeAuth: () => firebase.auth,
  onIdTokenChanged: (_auth: unknown, tell: (user: unknown) => void) => {
    firebase.tell = (user) => {
      firebase.auth.currentUser = user;
      tell(user);
    };
  },
  signOut: () => Promise.resolve(firebase.tell(null)),
}));

const trouble = (code: string) => Object.assign(new Error(code), { code });
const forgotten = vi.fn();

/** Somebody whose kept token is `stale` and whose fresh one is what `fresh` gives. */
const ada = (fresh: () => Promise<string> = () => Promise.resolve('fresh')) => ({
  uid: 'ada',
  email: 'ada@example.org',
  getIdToken: (again: boolean) => (again ? fresh() : Promise.resolve('stale')),
});

const ask = () => client.get('/api/v1/me').then(() => null, (error: unknown) => error);

beforeEach(() => {
  startAuth({ api_key: 'k', project_id: 'p', google_enabled: false, auth_emulator_url: null }, forgotten);
  firebase.tell(ada());
  forgotten.mockClear();
});

afterEach(async () => {
  await leave();
  useSession.setState({ notice: null });
  useConnection.getState().markBack();
});

describe('a token that the API refuses', () => {
  it('is exchanged for a fresh one, and nobody notices', async () => {
    const calls: unknown[] = [];
    serve({ 'GET /me': () => (calls.push(1) === 1 ? new Refusal(401, 'The token is too old.') : { name: 'Ada' }) });
    expect(await ask()).toBeNull();
    expect(useSession.getState().status).toBe('signed-in');
  });

  it('signs nobody out while the sign-in service does not answer', async () => {
    firebase.tell(ada(() => Promise.reject(trouble('auth/network-request-failed'))));
    serve({ 'GET /me': new Refusal(401, 'The token is too old.') });
    expect(isAway(await ask())).toBe(true);
    expect(useSession.getState().status).toBe('signed-in');
    expect(useConnection.getState().away).toBe('sign-in');
  });

  it('ends the sign-in where a fresh one is refused as well, and says so', async () => {
    serve({ 'GET /me': new Refusal(401, 'This account is closed.') });
    expect(statusOf(await ask())).toBe(401);
    expect(useSession.getState()).toMatchObject({ status: 'signed-out', notice: expect.stringContaining('Your sign-in ended') as string });
  });
});

describe('a sign-in that is over', () => {
  it('is told also where the sign-in service ended it by itself', async () => {
    firebase.tell(
      ada(() => {
        firebase.tell(null);
        return Promise.reject(trouble('auth/user-token-expired'));
      }),
    );
    serve({ 'GET /me': new Refusal(401, 'The token is too old.') });
    await ask();
    expect(useSession.getState().notice).toMatch(/Your sign-in ended/);
    expect(useSession.getState().notice).not.toMatch(/nothing of yours was changed/); // it may have been deleted
  });

  it('needs no word where the listener left', async () => {
    await leave();
    expect(useSession.getState()).toMatchObject({ status: 'signed-out', notice: null });
  });
});

describe('what was fetched for one listener', () => {
  it('is forgotten when another one is signed in, and when nobody is', async () => {
    firebase.tell({ ...ada(), email: 'ada@new.example.org' });
    expect(forgotten).not.toHaveBeenCalled();
    firebase.tell({ ...ada(), uid: 'grace', email: 'grace@example.org' });
    expect(forgotten).toHaveBeenCalledTimes(1);
    await leave();
    expect(forgotten).toHaveBeenCalledTimes(2);
  });
});
