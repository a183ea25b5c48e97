import { ButtonLink } from '@/components/ui/Button';
import { Empty } from '@/components/ui/States';
import { useTitle } from '@/lib/useTitle';

export function NotFound() {
  useTitle('Not here');
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <Empty title="The needle found no groove here" action={<ButtonLink look="signal" to="/home">Go home</ButtonLink>}>
        There is no page at this address. The link may be old, or a letter is missing.
      </Empty>
    </main>
  );
}
