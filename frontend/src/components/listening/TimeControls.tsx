import type { Spans } from '@/api/generated/model';
import { AgainstControl } from './AgainstControl';
import { SpanControl } from './SpanControl';

interface TimeControlsProps {
  span: string;
  against: string | null;
  spans: Spans | undefined;
  onChoose: (span: string) => void;
  onLay: (against: string | null) => void;
}

/** Which time a page tells of and what that is laid beside; below each other on a phone. */
export function TimeControls({ span, against, spans, onChoose, onLay }: TimeControlsProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 max-sm:w-full max-sm:flex-col max-sm:items-stretch">
      <SpanControl span={span} spans={spans} onChoose={onChoose} />
      <AgainstControl span={span} against={against} spans={spans} onChoose={onLay} />
    </div>
  );
}
