import { useSearchParams } from 'react-router';

/** A choice that lives in the address (`?by=time`), so that it is the same on the way back and can be sent; null: none. */
export function useParam(name: string): [string | null, (value: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const choose = (value: string | null) =>
    setParams(
      (old) => {
        if (value === null) old.delete(name);
        else old.set(name, value);
        return old;
      },
      { replace: true, preventScrollReset: true },
    );
  return [params.get(name), choose];
}
