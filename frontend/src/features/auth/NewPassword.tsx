import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { Button, ButtonLink } from '@/components/ui/Button';
import { Field } from '@/components/ui/Field';
import { signInTrouble } from '@/lib/auth';
import { chooseByLink, ownerOfLink, SHORTEST } from '@/lib/passwords';
import { useAttempt } from '@/lib/useAttempt';

/** Chooses a new password with the code in the address. */
export function NewPassword() {
  const [params] = useSearchParams();
  const code = params.get('oobCode') ?? '';
  const owner = useQuery({ queryKey: ['owner of link', code], queryFn: () => ownerOfLink(code), retry: false, staleTime: Infinity });
  const navigate = useNavigate();
  const [password, setPassword] = useState('');
  const { busy, error, attempt } = useAttempt();

  const choose = async (email: string) => {
    await chooseByLink(code, email, password);
    void navigate('/home', { replace: true });
  };

  if (owner.isPending) return <p role="status">Looking at your link</p>;
  if (owner.isError) {
    return (
      <section aria-label="Choose a new password" className="space-y-5">
        <p role="alert">{signInTrouble(owner.error, 'Reading your link')}</p>
        <ButtonLink to="/sign-in">To signing in</ButtonLink>
      </section>
    );
  }
  return (
    <section aria-label="Choose a new password">
      <h2 className="title mb-5">A new password</h2>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(() => choose(owner.data));
        }}
      >
        <input type="email" name="email" autoComplete="username" value={owner.data} readOnly hidden />
        <Field
          label="New password"
          type="password"
          name="password"
          required
          minLength={SHORTEST}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          hint={`For ${owner.data}. Whoever is signed in with the old one is signed out.`}
          trouble={error ? signInTrouble(error, 'Choosing a new password') : null}
        />
        <Button type="submit" look="signal" busy={busy} className="w-full">
          Keep it and sign in
        </Button>
      </form>
    </section>
  );
}
