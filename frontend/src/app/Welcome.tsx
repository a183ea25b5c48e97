import { Navigate, useSearchParams } from 'react-router';
import { SignInPanel } from '@/features/auth/SignInPanel';
import { Landing } from '@/features/landing/Landing';
import { useSession } from '@/stores/session';

/** The door: what Tonearm is beside the way in. Whoever is signed in goes straight through. */
export function Welcome() {
  const status = useSession((state) => state.status);
  const [params] = useSearchParams();
  const next = params.get('next') ?? '/home';
  // Only a path of our own: a foreign address in the query must not become a redirect.
  const safe = /^\/(?![/\\])/.test(next) ? next : '/home';
  if (status === 'signed-in') return <Navigate to={safe} replace />;
  return <Landing door={<SignInPanel />} />;
}
