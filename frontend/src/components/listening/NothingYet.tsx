import { useListImports } from '@/api/generated';
import { ButtonLink } from '@/components/ui/Button';
import { Empty } from '@/components/ui/States';
import { isUnderWay } from '@/lib/imports';

/** For every page that needs a history, before there is one. */
export function NothingYet({ children }: { children: string }) {
  if (useListImports().data?.some(isUnderWay)) {
    return (
      <Empty title="Your groove is being cut" action={<ButtonLink to="/import">Watch it</ButtonLink>}>
        Your history is being read. This page shows it as soon as it is in.
      </Empty>
    );
  }
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
