import { useRef, useState } from 'react';
import { useWritePost, useShareWrap } from '@/api/generated';
import type { Wrap } from '@/api/generated/model';
import { Button, ButtonLink } from '@/components/ui/Button';
import { Field, TextArea } from '@/components/ui/Field';
import { reason } from '@/components/ui/States';
import { dateOf } from '@/lib/format';
import { spanLabel } from '@/lib/span';
import { useToasts } from '@/stores/toasts';
import { Card, coloursAt, saveCard } from './Card';
import type { CardShape } from './card';

const DAYS_SHARED = 30;

/** The last screen: the card, and the ways it can leave. */
export function Ending({ wrap, mine }: { wrap: Wrap; mine: boolean }) {
  const root = useRef<HTMLDivElement>(null);
  const say = useToasts((state) => state.say);
  const save = (shape: CardShape) => {
    if (!root.current) return;
    saveCard(wrap, shape, coloursAt(root.current)).catch(() => say('This browser could not make the card.', 'trouble'));
  };
  return (
    <div ref={root} className="h-full overflow-auto bg-ground text-ink">
      <div className="mx-auto grid min-h-full max-w-5xl items-center gap-x-16 gap-y-8 px-6 pt-24 pb-10 md:grid-cols-[auto_minmax(18rem,1fr)]">
        <Card wrap={wrap} shape="tall" className="mx-auto h-[min(68vh,40rem)] rounded-panel border border-line" />
        <div>
          <h2 className="display text-display">{mine ? 'Keep it, or show it' : `That was ${spanLabel(wrap.span.text)}`}</h2>
          <div className="mt-6 flex flex-wrap gap-3">
            <Button onClick={() => save('tall')}>Save tall card</Button>
            <Button onClick={() => save('wide')}>Save wide card</Button>
          </div>
          {mine ? (
            <>
              <PostIt span={wrap.span.text} />
              <ShareLink span={wrap.span.text} />
            </>
          ) : (
            <p className="mt-8">
              <ButtonLink to="/">Make your own</ButtonLink>
            </p>
          )}
        </div>
      </div>
    </div>
  );
}

function PostIt({ span }: { span: string }) {
  const [text, setText] = useState('');
  const say = useToasts((state) => state.say);
  const post = useWritePost({
    mutation: { onError: (error) => say(`Your post did not go out. ${reason(error)}`, 'trouble') },
  });
  if (post.isSuccess) {
    return (
      <p className="mt-8 border-t border-line pt-5">
        Posted.{' '}
        <ButtonLink className="ml-2" to="/community">
          See it in the community
        </ButtonLink>
      </p>
    );
  }
  return (
    <form
      className="mt-8 border-t border-line pt-5"
      onSubmit={(event) => {
        event.preventDefault();
        post.mutate({ data: { text, span } });
      }}
    >
      <TextArea
        label="Words for your post"
        placeholder="A word about it, if you like"
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" look="signal" className="mt-3" busy={post.isPending}>
        Share as a post
      </Button>
    </form>
  );
}

function ShareLink({ span }: { span: string }) {
  const say = useToasts((state) => state.say);
  const share = useShareWrap({
    mutation: {
      onSuccess: ({ token }) => {
        void navigator.clipboard?.writeText(linkTo(token)).then(
          () => say('The link is copied.'),
          () => undefined,
        );
      },
      onError: (error) => say(`The link could not be made. ${reason(error)}`, 'trouble'),
    },
  });
  return (
    <div className="mt-6 border-t border-line pt-5">
      {share.data ? (
        <Field
          label="Share link"
          readOnly
          value={linkTo(share.data.token)}
          onFocus={(event) => event.target.select()}
          hint={`Whoever has it can see this wrap until ${dateOf(share.data.expires_at)}.`}
        />
      ) : (
        <Button busy={share.isPending} onClick={() => share.mutate({ data: { span, days: DAYS_SHARED } })}>
          Make a share link
        </Button>
      )}
    </div>
  );
}

const linkTo = (token: string): string => `${window.location.origin}/s/${token}`;
