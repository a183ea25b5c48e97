import { useState } from 'react';
import { useGetSpans, useWritePost } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { TextArea } from '@/components/ui/Field';
import { MADE_ONCE, notDone } from '@/components/ui/States';
import { spanLabel } from '@/lib/span';
import { useCommunityRefresh } from '@/lib/useCommunityRefresh';
import { useToasts } from '@/stores/toasts';

const MONTHS_OFFERED = 12;

/** A word to one's followers, with a wrap if one likes. */
export function Compose() {
  const [text, setText] = useState('');
  const [span, setSpan] = useState('');
  const spans = useGetSpans().data;
  const refresh = useCommunityRefresh();
  const say = useToasts((state) => state.say);
  const post = useWritePost({
    mutation: {
      onSuccess: () => {
        setText('');
        setSpan('');
        return refresh();
      },
      onError: (error) => say(notDone('Your post did not go out.', error, MADE_ONCE), 'trouble'),
    },
  });
  const offered = [...(spans?.years ?? [])].reverse().concat([...(spans?.months ?? [])].reverse().slice(0, MONTHS_OFFERED));
  return (
    <form
      className="mb-10"
      onSubmit={(event) => {
        event.preventDefault();
        post.mutate({ data: { text, span: span || null } });
      }}
    >
      <TextArea
        label="Write a post"
        placeholder="What have you been listening to?"
        maxLength={1000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="mt-3 flex flex-wrap items-center justify-between gap-3">
        <label className="flex items-center gap-3 text-muted">
          With a wrap
          <select
            className="min-h-11 rounded-round border border-line bg-raised px-4 text-ink"
            value={span}
            onChange={(event) => setSpan(event.target.value)}
          >
            <option value="">none</option>
            {offered.map((value) => (
              <option key={value} value={value}>
                {spanLabel(value)}
              </option>
            ))}
          </select>
        </label>
        {span && <p className="text-muted">Without your plays of private sessions.</p>}
        <Button type="submit" look="signal" busy={post.isPending} disabled={!text.trim() && !span}>
          Post
        </Button>
      </div>
    </form>
  );
}
