import { ButtonLink } from '@/components/ui/Button';
import { Empty } from '@/components/ui/States';

/** For every page that needs a history, before there is one. */
export function NothingYet({ children }: { children: string }) {
  return (
    <Empty
      title="Nothing on the disc yet"
      action={
        <ButtonLink look="signal" to="/import">
          Bring your history
        </ButtonLink>
      }
    >
      {children}
    </Empty>
  );
}
