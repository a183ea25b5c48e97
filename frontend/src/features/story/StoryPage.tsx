import { useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { getReadStoryQueryKey, useReadStory, useWriteStory } from '@/api/generated';
import type { Story } from '@/api/generated/model';
import { ModelNote } from '@/components/listening/ModelNote';
import { Button, ButtonLink } from '@/components/ui/Button';
import { PageHead, Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { notDone } from '@/components/ui/States';
import { isolated } from '@/lib/bidi';
import { spanNoun } from '@/lib/span';
import { useTitle } from '@/lib/useTitle';
import { useToasts } from '@/stores/toasts';

const LOOK_AGAIN_MS = 3_000;

/** A year or month in a few paragraphs, beside the facts that every number in it was checked against. */
export function StoryPage() {
  const { span = '' } = useParams();
  useTitle(`Story of ${spanNoun(span)}`);
  const story = useReadStory(span, {
    query: { refetchInterval: ({ state }) => (state.data?.state === 'writing' ? LOOK_AGAIN_MS : false) },
  });
  return (
    <>
      <PageHead
        title={`The story of ${spanNoun(span)}`}
        control={<ButtonLink to={`/wrap/${span}`}>Play the wrap</ButtonLink>}
      />
      <QueryView query={story} what="fetch this story">
        {(data) => <Told story={data} />}
      </QueryView>
    </>
  );
}

function Told({ story }: { story: Story }) {
  return (
    <div className="grid gap-x-16 gap-y-12 lg:grid-cols-[minmax(0,1.6fr)_minmax(16rem,1fr)]">
      <article className="space-y-6">
        {story.paragraphs.map((paragraph, index) => (
          <p key={paragraph} className={index === 0 ? 'title max-w-[34ch]' : 'max-w-[58ch]'}>
            {isolated(paragraph)}
          </p>
        ))}
        <ModelNote model={story.model} className="pt-4" />
        {story.state === 'writing' ? (
          <p role="status" className="flex items-center gap-3 text-muted">
            <span className="size-2 animate-breathe rounded-round bg-signal" aria-hidden />
            The narrator is writing; it takes half a minute or so. Until then these are the plain facts.
          </p>
        ) : (
          <Write span={story.span} words={story.state === 'plain' ? 'Have the narrator write it' : 'Tell it again'} />
        )}
      </article>
      <Panel
        title={story.checked ? 'Checked against these facts' : 'The facts'}
        note={story.checked && 'Every number and every name in the story is one of these.'}
      >
        <dl>
          {story.facts.map((fact) => (
            <div key={fact.label} className="flex justify-between gap-6 border-t border-line py-2.5">
              <dt className="text-muted">{fact.label}</dt>
              <dd className="text-right">
                {isolated(fact.value)}
                {fact.also && fact.also.length > 0 && <span className="block text-muted">{isolated(fact.also.join(', '))}</span>}
              </dd>
            </div>
          ))}
        </dl>
      </Panel>
    </div>
  );
}

function Write({ span, words }: { span: string; words: string }) {
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const write = useWriteStory({
    mutation: {
      onSuccess: (story) => {
        client.setQueryData(getReadStoryQueryKey(span), story);
      },
      onError: (error) => say(notDone('The story was not written.', error), 'trouble'),
    },
  });
  return (
    <Button busy={write.isPending} onClick={() => write.mutate({ span })}>
      {words}
    </Button>
  );
}
