import { PageHead, Panel } from '@/components/ui/Panel';
import { useTitle } from '@/lib/useTitle';
import { PARTS } from './meanings';

/** Every word that a number goes by, and why another service may tell another number. */
export function MeaningsPage() {
  useTitle('What the numbers mean');
  return (
    <>
      <PageHead title="What the numbers mean" lead="Each word means one thing, on every page, in every wrap and in your export." />
      <div className="grid gap-x-16 gap-y-14 lg:grid-cols-2">
        {PARTS.map(({ title, lead, meanings }) => (
          <Panel key={title} title={title} note={lead}>
            <dl className="space-y-4">
              {meanings.map(([word, meaning]) => (
                <div key={word}>
                  <dt className="font-medium">{word}</dt>
                  <dd className="mt-0.5 max-w-[60ch] text-muted">{meaning}</dd>
                </div>
              ))}
            </dl>
          </Panel>
        ))}
      </div>
    </>
  );
}
