import { useState } from 'react';
import { useReadConfig } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { Field } from '@/components/ui/Field';
import { askForLink } from '@/lib/passwords';
import { useAttempt } from '@/lib/useAttempt';
import { Notice, TroubleNotice } from './Notice';

interface Props {
  email: string;
  onEmail: (email: string) => void;
  onBack: () => void;
}

/** Asks for a link to a new password: by mail, or from whoever runs a Tonearm that keeps its own accounts. */
export function ForgottenPassword({ email, onEmail, onBack }: Props) {
  const { data: config } = useReadConfig();
  const { busy, error, attempt } = useAttempt();
  const [sent, setSent] = useState(false);
  const sendsMail = config && !config.firebase.auth_emulator_url;

  const ask = async () => {
    if (sendsMail) await askForLink(email);
    setSent(true);
  };

  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(ask);
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
      <TroubleNotice error={error} what="Asking for a link" />
      {sent && (
        <Notice role="status">
          {sendsMail ? (
            <>If somebody is signed up as {email}, a message with a link is on its way. Look among the unwanted mail, too.</>
          ) : (
            <>
              This Tonearm keeps its own accounts and sends no mail. Whoever runs it gets your link with{' '}
              <code className="mt-1 block wrap-anywhere">make password EMAIL={email}</code>
            </>
          )}
        </Notice>
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
