import {
  confirmPasswordReset,
  EmailAuthProvider,
  reauthenticateWithCredential,
  sendPasswordResetEmail,
  updatePassword,
  verifyPasswordResetCode,
} from 'firebase/auth';
import { codeOf, currentAuth, signIn } from './auth';

/** What the sign-in service asks for at least. */
export const SHORTEST = 6;

/** Has a message sent with a link to where a new password is chosen. That nobody has this address is not told. */
export async function askForLink(email: string): Promise<void> {
  try {
    await sendPasswordResetEmail(currentAuth(), email);
  } catch (error) {
    if (codeOf(error) !== 'auth/user-not-found') throw error;
  }
}

/** Whose password the link changes. Refuses a link that was used already or is too old. */
export async function ownerOfLink(code: string): Promise<string> {
  return verifyPasswordResetCode(currentAuth(), code);
}

/** Uses the link up, and signs in with the new password. */
export async function chooseByLink(code: string, email: string, password: string): Promise<void> {
  await confirmPasswordReset(currentAuth(), code, password);
  await signIn(email, password);
}

/** Whoever comes in through Google alone has no password here. */
export function hasPassword(): boolean {
  return currentAuth().currentUser?.providerData.some(({ providerId }) => providerId === 'password') ?? false;
}

/** Signs everybody else out who is signed in with the old one. */
export async function changePassword(old: string, fresh: string): Promise<void> {
  const user = currentAuth().currentUser;
  if (!user?.email) throw new Error('A password was changed while nobody was signed in.');
  await reauthenticateWithCredential(user, EmailAuthProvider.credential(user.email, old));
  await updatePassword(user, fresh);
}
