import { useSearchParams } from 'react-router';
import { spanKind } from './span';

/** The chosen span lives in the URL (`?span=2024-05`), so that it survives a reload and can be sent to a friend. */
export function useSpan(fallback: string): [string, (span: string) => void] {
  const [params, setParams] = useSearchParams();
  const asked = params.get('span');
  const span = asked && spanKind(asked) ? asked : fallback;
  const choose = (next: string) =>
    setParams(
      (old) => {
        old.set('span', next);
        return old;
      },
      { preventScrollReset: true },
    );
  return [span, choose];
}

/** The span compared with (`?against=2023`), or null. */
export function useAgainst(span: string): [string | null, (against: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const asked = params.get('against');
  const choose = (next: string | null) =>
    setParams(
      (old) => {
        if (next) old.set('against', next);
        else old.delete('against');
        return old;
      },
      { preventScrollReset: true },
    );
  return [asked && spanKind(asked) && asked !== span ? asked : null, choose];
}
