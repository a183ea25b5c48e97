import { useRouteError } from 'react-router';
import { Button } from '@/components/ui/Button';
import { UncutDisc } from '@/components/groove/Disc';

/** A page that broke while drawing itself, or whose code could not be fetched after an update. */
export function PageFailed() {
  const error = useRouteError();
  const missing = error instanceof TypeError && /import|fetch|module/i.test(error.message);
  return (
    <main role="alert" className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center p-6 text-center">
      <UncutDisc className="mb-8 w-48" />
      <h1 className="title">{missing ? 'This page could not be fetched' : 'This page stumbled'}</h1>
      <p className="mt-2 text-muted">
        {missing
          ? 'The server may be restarting, or Tonearm was updated since you opened it.'
          : 'Something in it could not be drawn.'}{' '}
        Your history is safe; nothing was changed.
      </p>
      <Button look="signal" className="mt-6" onClick={() => window.location.reload()}>
        Load it again
      </Button>
    </main>
  );
}
