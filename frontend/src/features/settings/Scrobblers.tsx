import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getListTokensQueryKey, useListTokens, useMakeToken, useRevokeToken } from '@/api/generated';
import type { MadeToken, Token } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Copyable } from '@/components/ui/Copyable';
import { Dialog } from '@/components/ui/Dialog';
import { Field } from '@/components/ui/Field';
import { QueryView } from '@/components/ui/QueryView';
import { MADE_ONCE, notDone } from '@/components/ui/States';
import { dateOf, plural } from '@/lib/format';
import { useZone } from '@/lib/useZone';
import { useToasts } from '@/stores/toasts';
import { ScrobblerSetup } from './ScrobblerSetup';

/** Tokens for scrobblers and scripts: made, shown once, seen in use, taken back. */
export function Scrobblers() {
  const tokens = useListTokens();
  const [made, setMade] = useState<MadeToken | null>(null);
  return (
    <QueryView query={tokens} what="fetch your tokens">
      {({ items, address }) => (
        <div className="space-y-6">
          <p className="text-muted">
            Whatever sends to ListenBrainz can send here: give it this server’s address and a token of yours.
          </p>
          <NewToken onMade={setMade} />
          {made && items.some((token) => token.id === made.id) && (
            <div role="status" className="rounded-small border border-signal-text p-4">
              <p className="font-medium">The token of {made.name}</p>
              <p className="mb-3 text-muted">Copy it now: it is shown this once and kept nowhere.</p>
              <Copyable label="Token" value={made.token} />
            </div>
          )}
          {items.length > 0 && (
            <ul>
              {items.map((token) => (
                <OneToken key={token.id} token={token} />
              ))}
            </ul>
          )}
          <ScrobblerSetup address={address} />
        </div>
      )}
    </QueryView>
  );
}

function NewToken({ onMade }: { onMade: (made: MadeToken) => void }) {
  const [name, setName] = useState('');
  const client = useQueryClient();
  const make = useMakeToken({
    mutation: {
      onSuccess: async (made) => {
        setName('');
        await client.invalidateQueries({ queryKey: getListTokensQueryKey() });
        onMade(made);
      },
    },
  });
  return (
    <form
      className="flex flex-wrap items-start gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({ data: { name } });
      }}
    >
      <Field
        className="min-w-0 flex-1 basis-56"
        label="What will use the token"
        placeholder="Navidrome"
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.target.value)}
        trouble={make.isError ? notDone('', make.error, MADE_ONCE) : null}
      />
      <Button type="submit" look="signal" busy={make.isPending} className="sm:mt-[2.1rem]">
        Make a token
      </Button>
    </form>
  );
}

function OneToken({ token }: { token: Token }) {
  const zone = useZone();
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const revoke = useRevokeToken({
    mutation: {
      onSuccess: () => client.invalidateQueries({ queryKey: getListTokensQueryKey() }),
      onError: (error) => say(notDone('The token still works.', error), 'trouble'),
    },
  });
  const used = token.last_used_at ? `last used ${dateOf(token.last_used_at, zone)}` : 'not used yet';
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 border-t border-line py-2">
      <span className="min-w-0 break-words">
        {token.name}
        <span className="text-muted">
          , {used}
          {token.plays > 0 && `, ${plural(token.plays, 'play')}`}
        </span>
      </span>
      <Button look="quiet" onClick={() => setAsking(true)} aria-label={`Revoke the token of ${token.name}`}>
        Revoke
      </Button>
      <Dialog open={asking} title="Revoke this token?" onClose={() => setAsking(false)}>
        <p>Whatever uses it can send nothing more. The plays it sent stay; under Import you can undo them.</p>
        <div className="mt-6 flex justify-end gap-3">
          <Button onClick={() => setAsking(false)}>Keep it</Button>
          <Button look="danger" busy={revoke.isPending} onClick={() => revoke.mutate({ tokenId: token.id })}>
            Revoke it
          </Button>
        </div>
      </Dialog>
    </li>
  );
}
