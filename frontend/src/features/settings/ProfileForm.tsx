import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useChangeAccount } from '@/api/generated';
import type { Account } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Field, Select } from '@/components/ui/Field';
import { notDone } from '@/components/ui/States';
import { useToasts } from '@/stores/toasts';

const ZONES = Intl.supportedValuesOf('timeZone');

export function ProfileForm({ account }: { account: Account }) {
  const [name, setName] = useState(account.display_name);
  const [handle, setHandle] = useState(account.handle);
  const [zone, setZone] = useState(account.time_zone);
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const change = useChangeAccount({
    mutation: {
      onSuccess: (fresh) => {
        say(fresh.time_zone === account.time_zone ? 'Kept.' : 'Kept. Your days are being counted anew in this zone.');
        // A new zone moves every day and month: all answers are asked again.
        return client.invalidateQueries();
      },
    },
  });
  const zones = ZONES.includes(zone) ? ZONES : [zone, ...ZONES];
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        // only what was changed here: a page that is old takes nothing back
        change.mutate({
          data: {
            ...(name !== account.display_name && { display_name: name }),
            ...(handle !== account.handle && { handle }),
            ...(zone !== account.time_zone && { time_zone: zone }),
          },
        });
      }}
    >
      <Field label="Name" required maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
      <Field
        label="Handle"
        required
        maxLength={64}
        value={handle}
        onChange={(event) => setHandle(event.target.value)}
        hint="How others find you: letters, digits and underscores."
        trouble={change.isError ? notDone('', change.error) : null}
      />
      <Select
        label="Time zone"
        value={zone}
        onChange={(event) => setZone(event.target.value)}
        hint="Your days, months and years begin at midnight there."
      >
        {zones.map((value) => (
          <option key={value} value={value}>
            {value.replaceAll('_', ' ')}
          </option>
        ))}
      </Select>
      <Button type="submit" look="signal" busy={change.isPending}>
        Keep these
      </Button>
    </form>
  );
}
