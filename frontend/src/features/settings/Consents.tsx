import { useQueryClient } from '@tanstack/react-query';
import { getReadAccountQueryKey, useChangeAccount } from '@/api/generated';
import type { Account } from '@/api/generated/model';
import { Switch } from '@/components/ui/Field';
import { notDone } from '@/components/ui/States';
import { useToasts } from '@/stores/toasts';

type Consent = 'may_train' | 'may_narrate' | 'may_compare' | 'discoverable';

const CONSENTS: { key: Consent; label: string; hint: string }[] = [
  {
    key: 'may_train',
    label: 'The models may learn from my plays',
    hint: 'Under a made-up key, without your name. The models stay on this server.',
  },
  {
    key: 'may_narrate',
    label: 'The narrator may be given my numbers',
    hint: 'It writes your stories from a sheet of facts, here on this server.',
  },
  {
    key: 'may_compare',
    label: 'My taste may be laid beside that of my friends',
    hint: 'With those who follow you and whom you follow, where both allow it: shares of artists and tracks, no times.',
  },
  {
    key: 'discoverable',
    label: 'Others can find me',
    hint: 'Your name and handle turn up in the search. Your plays never do.',
  },
];

export function Consents({ account }: { account: Account }) {
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const change = useChangeAccount({
    mutation: {
      onSuccess: (fresh) => client.setQueryData(getReadAccountQueryKey(), fresh),
      onError: (error) => say(notDone('That was not changed.', error), 'trouble'),
    },
  });
  return (
    <div className="space-y-6">
      {CONSENTS.map(({ key, label, hint }) => (
        <Switch
          key={key}
          label={label}
          hint={hint}
          on={account[key]}
          busy={change.isPending}
          onChange={(on) => change.mutate({ data: { [key]: on } })}
        />
      ))}
    </div>
  );
}
