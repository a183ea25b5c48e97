import { initializeApp } from 'firebase/app';
import {
  browserLocalPersistence,
  connectAuthEmulator,
  createUserWithEmailAndPassword,
  indexedDBLocalPersistence,
  initializeAuth,
  onIdTokenChanged,
  signInWithEmailAndPassword,
  signOut,
  updateProfile,
  type Auth,
  type User,
} from 'firebase/auth';
import type { FirebaseConfig } from '@/api/generated/model';
import { useSession } from '@/stores/session';
import { identifyRequestsBy } from './http';

let auth: Auth | null = null;

export function currentAuth(): Auth {
  if (!auth) throw new Error('Sign-in was asked for before the configuration arrived.');
  return auth;
}

const ENDED = 'Your sign-in ended. Sign in again to go on.';

/** What the sign-in service calls a sign-in that is over. Anything else that goes wrong there passes. */
const ENDINGS = ['auth/user-token-expired', 'auth/user-disabled', 'auth/invalid-user-token', 'auth/invalid-refresh-token'];

/** Who was signed in last; undefined until that is known. */
let listener: string | null | undefined;
/** They are going by themselves and need not be told. */
let leaving = false;
/** Between making an account and giving it its name nobody is signed in yet. */
let naming = false;
let forgetListener: () => void = () => undefined;

/**
 * Connects to the sign-in service that the server names and follows who is signed in. Does nothing the second time.
 * `forget` is called whenever it is somebody else, or nobody any more: what is known of one listener is not for the next.
 */
export function startAuth(config: FirebaseConfig, forget: () => void): void {
  forgetListener = forget;
  if (auth) return;
  const app = initializeApp({
    apiKey: config.api_key,
    projectId: config.project_id,
    authDomain: `${config.project_id}.firebaseapp.com`,
  });
  auth = initializeAuth(app, { persistence: [indexedDBLocalPersistence, browserLocalPersistence] });
  if (config.auth_emulator_url) connectAuthEmulator(auth, config.auth_emulator_url, { disableWarnings: true });
  identifyRequestsBy({
    token: async (fresh) => {
      const user = auth?.currentUser;
      if (!user) return null;
      try {
        return await user.getIdToken(fresh);
      } catch (error) {
        if (ENDINGS.includes(codeOf(error))) return null;
        throw error;
      }
    },
    refused: () => {
      if (auth?.currentUser) void signOut(auth);
    },
  });
  onIdTokenChanged(auth, (user) => {
    if (!naming) follow(user);
  });
}

function follow(user: User | null): void {
  const before = listener;
  listener = user?.uid ?? null;
  const session = useSession.getState();
  if (user) session.signedIn(user.email);
  else session.signedOut(before && !leaving ? ENDED : undefined);
  if (before !== undefined && before !== listener) forgetListener();
}

export async function signIn(email: string, password: string): Promise<void> {
  await signInWithEmailAndPassword(currentAuth(), email, password);
}

export async function createAccount(name: string, email: string, password: string): Promise<void> {
  naming = name !== '';
  try {
    const { user } = await createUserWithEmailAndPassword(currentAuth(), email, password);
    if (!name) return;
    await updateProfile(user, { displayName: name });
    // The name travels inside the token; without a fresh one the account would be made without it.
    await user.getIdToken(true);
  } finally {
    naming = false;
    const user = currentAuth().currentUser;
    if (user) follow(user);
  }
}

export async function signInWithGoogle(): Promise<void> {
  const { browserPopupRedirectResolver, GoogleAuthProvider, signInWithPopup } = await import('firebase/auth');
  await signInWithPopup(currentAuth(), new GoogleAuthProvider(), browserPopupRedirectResolver);
}

export async function leave(): Promise<void> {
  leaving = true;
  try {
    await signOut(currentAuth());
  } finally {
    leaving = false;
  }
}

const SENTENCES: Record<string, string> = {
  'auth/invalid-credential': 'E-mail and password do not go together. Check both and try again.',
  'auth/wrong-password': 'E-mail and password do not go together. Check both and try again.',
  'auth/user-not-found': 'Nobody is signed up with this e-mail here.',
  'auth/invalid-email': 'This does not look like an e-mail address.',
  'auth/email-already-in-use': 'Somebody is signed up with this e-mail already. Sign in instead.',
  'auth/weak-password': 'Choose a password of at least six characters.',
  'auth/invalid-action-code': 'This link was used already, or a letter of it is missing. Ask for another one.',
  'auth/expired-action-code': 'This link is too old. Ask for another one.',
  'auth/too-many-requests': 'Too many tries in a short time. Wait a minute and try again.',
  'auth/user-disabled': 'This account was closed by the operator.',
  'auth/network-request-failed': 'The sign-in service did not answer. Try again in a moment.',
  'auth/popup-closed-by-user': 'The Google window was closed before the sign-in was done.',
};

/** The sign-in service's own name of what went wrong. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** What went wrong while signing in, or with `what`, in a sentence. */
export function signInTrouble(error: unknown, what = 'Signing in'): string {
  return SENTENCES[codeOf(error)] ?? `${what} did not work. Nothing was changed; try again in a moment.`;
}
