import { useGetSpans } from '@/api/generated';
import { SpanControl } from '@/components/listening/SpanControl';

interface PageTimeProps {
  span: string;
  choose: (span: string) => void;
}

/** Which time the page of a track, an artist or an album tells of, at the place where every page has it. */
export function PageTime({ span, choose }: PageTimeProps) {
  const spans = useGetSpans();
  return (
    <div className="mb-8 flex justify-end max-sm:block">
      <SpanControl span={span} spans={spans.data} onChoose={choose} />
    </div>
  );
}
