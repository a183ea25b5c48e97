import { useRef, useState } from 'react';
import { useWritePost } from '@/api/generated';
import type { ShownWrap } from '@/api/generated/model';
import { Button, ButtonLink } from '@/components/ui/Button';
import { TextArea } from '@/components/ui/Field';
import { MADE_ONCE, notDone } from '@/components/ui/States';
import { saveFile } from '@/lib/saveFile';
import { goesOn, lasting, spanNoun } from '@/lib/span';
import { useToasts } from '@/stores/toasts';
import { canSendFiles, Card, cardFile, coloursAt, sendFile } from './Card';
import type { CardShape } from './card';
import { ShareDialog } from './ShareDialog';

/** The last screen: the card, and the ways it can leave. */
export function Ending({ wrap, mine }: { wrap: ShownWrap; mine: boolean }) {
  const root = useRef<HTMLDivElement>(null);
  const [sharing, setSharing] = useState(false);
  const say = useToasts((state) => state.say);
  const make = (shape: CardShape, then: (file: File) => void | Promise<void>) => {
    if (!root.current) return;
    cardFile(wrap, shape, coloursAt(root.current))
      .then(then)
      .catch(() => say('This browser could not make the card.', 'trouble'));
  };
  return (
    <div ref={root} className="h-full overflow-auto bg-ground text-ink">
      <div className="mx-auto grid min-h-full max-w-5xl items-center gap-x-16 gap-y-8 px-6 pt-24 pb-10 md:grid-cols-[auto_minmax(18rem,1fr)]">
        <Card wrap={wrap} shape="tall" className="mx-auto h-[min(68vh,40rem)] rounded-panel border border-line" />
        <div>
          <h2 className="display text-display">{mine ? 'Keep it, or show it' : `That was ${spanNoun(wrap.span.text)}${goesOn(wrap) ? ', so far' : ''}`}</h2>
          <div className="mt-6 flex flex-wrap gap-3">
            {mine && (
              <Button look="signal" onClick={() => setSharing(true)}>
                Make a share link
              </Button>
            )}
            {canSendFiles() && <Button onClick={() => make('tall', sendFile)}>Send the card</Button>}
            <Button onClick={() => make('tall', saveFile)}>Save tall card</Button>
            <Button onClick={() => make('wide', saveFile)}>Save wide card</Button>
          </div>
          {mine ? (
            <PostIt span={lasting(wrap.span)} />
          ) : (
            <p className="mt-8">
              <ButtonLink look="signal" to="/">
                Make your own
              </ButtonLink>
            </p>
          )}
        </div>
      </div>
      {mine && <ShareDialog span={lasting(wrap.span)} open={sharing} onClose={() => setSharing(false)} />}
    </div>
  );
}

function PostIt({ span }: { span: string }) {
  const [text, setText] = useState('');
  const say = useToasts((state) => state.say);
  const post = useWritePost({
    mutation: { onError: (error) => say(notDone('Your post did not go out.', error, MADE_ONCE), 'trouble') },
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
      <Button type="submit" className="mt-3" busy={post.isPending}>
        Share as a post
      </Button>
    </form>
  );
}
