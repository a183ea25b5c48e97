import { useGetSpans } from '@/api/generated';
import { useSpan } from '@/lib/useSpan';

/** The span a page tells of: the one in the URL, else the newest year of this listener, else everything. */
export function useListeningSpan() {
  const spans = useGetSpans();
  const newest = spans.data?.years.at(-1);
  const [span, choose] = useSpan(newest === undefined ? 'all' : String(newest));
  return { span, choose, spans, nothingYet: spans.data !== undefined && !spans.data.first_day };
}
