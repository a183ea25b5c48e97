import { useState } from 'react';
import { useReadConfig } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { Field } from '@/components/ui/Field';
import { Tabs } from '@/components/ui/Tabs';
import { createAccount, signIn, signInWithGoogle } from '@/lib/auth';
import { SHORTEST } from '@/lib/passwords';
import { useAttempt } from '@/lib/useAttempt';
import { useSession } from '@/stores/session';
import { DemoListeners } from './DemoListeners';
import { ForgottenPassword } from './ForgottenPassword';
import { TroubleNotice } from './Notice';

type Way = 'sign-in' | 'create';

/** E-mail and password, a new account, Google where the operator set it up, and the demo town where there is one. */
export function SignInPanel() {
  const { data: config } = useReadConfig();
  const notice = useSession((state) => state.notice);
  const [way, setWay] = useState<Way>('sign-in');
  const [forgotten, setForgotten] = useState(false);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { busy, error, attempt } = useAttempt();

  if (forgotten) {
    return (
      <section aria-label="Forgotten password">
        <h2 className="title mb-5">Forgot your password?</h2>
        <ForgottenPassword email={email} onEmail={setEmail} onBack={() => setForgotten(false)} />
      </section>
    );
  }
  return (
    <section aria-label="Sign in">
      {config?.takes_new_accounts === false ? (
        <h2 className="title mb-5">Sign in</h2>
      ) : (
        <Tabs
          label="Way in"
          value={way}
          onChange={setWay}
          options={[
            { value: 'sign-in', label: 'Sign in' },
            { value: 'create', label: 'Create an account' },
          ]}
          className="mb-5"
        />
      )}
      {notice && <p className="mb-4 border-l-2 border-signal pl-4">{notice}</p>}
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(() => (way === 'sign-in' ? signIn(email, password) : createAccount(name.trim(), email, password)));
        }}
      >
        {way === 'create' && (
          <Field
            label="Your name"
            autoComplete="name"
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
        <Field
          label="E-mail"
          type="email"
          name="email"
          required
          autoComplete="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label="Password"
          type="password"
          name="password"
          required
          minLength={SHORTEST}
          autoComplete={way === 'sign-in' ? 'current-password' : 'new-password'}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <TroubleNotice error={error} />
        <Button type="submit" look="signal" busy={busy} className="w-full">
          {way === 'sign-in' ? 'Sign in' : 'Create account'}
        </Button>
        {way === 'sign-in' && (
          <Button look="quiet" className="w-full" onClick={() => setForgotten(true)}>
            Forgot your password?
          </Button>
        )}
      </form>
      {config?.firebase.google_enabled && (
        <Button className="mt-3 w-full" disabled={busy} onClick={() => void attempt(signInWithGoogle)}>
          Go on with Google
        </Button>
      )}
      {config?.demo && (
        <DemoListeners
          demo={config.demo}
          busy={busy}
          onChoose={(listener) => void attempt(() => signIn(listener.email, listener.password))}
        />
      )}
    </section>
  );
}
