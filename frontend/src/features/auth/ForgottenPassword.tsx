import { useState } from 'react';
import { useReadConfig } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { Field } from '@/components/ui/Field';
import { signInTrouble } from '@/lib/auth';
import { askForLink } from '@/lib/passwords';

interface Props {
  email: string;
  onEmail: (email: string) => void;
  onBack: () => void;
}

/** Asks for a link to a new password: by mail, or from whoever runs a Tonearm that keeps its own accounts. */
export function ForgottenPassword({ email, onEmail, onBack }: Props) {
  const { data: config } = useReadConfig();
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const sendsMail = config && !config.firebase.auth_emulator_url;

  const ask = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      if (sendsMail) await askForLink(email);
      setSent(true);
    } catch (error) {
      setTrouble(signInTrouble(error, 'Asking for a link'));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <Field
        label="E-mail"
        type="email"
        name="email"
        required
        autoComplete="email"
        value={email}
        onChange={(event) => {
          onEmail(event.target.value);
          setSent(false);
        }}
      />
      {trouble && (
        <p role="alert" className="border-l-2 border-signal pl-4">
          {trouble}
        </p>
      )}
      {sent && (
        <p role="status" className="border-l-2 border-signal pl-4">
          {sendsMail ? (
            <>If somebody is signed up as {email}, a message with a link is on its way. Look among the unwanted mail, too.</>
          ) : (
            <>
              This Tonearm keeps its own accounts and sends no mail. Whoever runs it gets your link with{' '}
              <code className="mt-1 block wrap-anywhere">make password EMAIL={email}</code>
            </>
          )}
        </p>
      )}
      <Button type="submit" look="signal" busy={busy} className="w-full">
        Get a link to a new password
      </Button>
      <Button look="quiet" className="w-full" onClick={onBack}>
        Back to signing in
      </Button>
    </form>
  );
}
