import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Field } from '@/components/ui/Field';
import { codeOf, signInTrouble } from '@/lib/auth';
import { changePassword, hasPassword, SHORTEST } from '@/lib/passwords';
import { useAttempt } from '@/lib/useAttempt';
import { useToasts } from '@/stores/toasts';

const WRONG = ['auth/wrong-password', 'auth/invalid-credential'];

/** Another password, for those who sign in with one. */
export function Password() {
  const say = useToasts((state) => state.say);
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const { busy, error, attempt } = useAttempt();
  const wrong = WRONG.includes(codeOf(error));
  if (!hasPassword()) return <p className="text-muted">You sign in with Google: there is no password to change here.</p>;

  const change = async () => {
    await changePassword(old, fresh);
    setOld('');
    setFresh('');
    say('Your password is the new one from now on. Whoever was signed in with the old one is signed out.');
  };

  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(change);
      }}
    >
      <Field
        label="Password as it is"
        type="password"
        required
        autoComplete="current-password"
        value={old}
        onChange={(event) => setOld(event.target.value)}
        trouble={wrong ? 'This is not your password. Nothing was changed.' : null}
      />
      <Field
        label="New password"
        type="password"
        required
        minLength={SHORTEST}
        autoComplete="new-password"
        value={fresh}
        onChange={(event) => setFresh(event.target.value)}
        trouble={error && !wrong ? signInTrouble(error, 'Changing your password') : null}
      />
      <Button type="submit" busy={busy}>
        Change it
      </Button>
    </form>
  );
}
