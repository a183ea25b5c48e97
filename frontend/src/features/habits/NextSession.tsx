import type { NextSession as NextSessionData } from '@/api/generated/model';
import { Panel } from '@/components/ui/Panel';
import { NO_BREAK, percent } from '@/lib/format';

const LONGEST_SHOWN_H = 72;

/** When the needle goes down again: the middle guess, and the range that holds eight cases of ten. */
export function NextSession({ next }: { next: NextSessionData }) {
  const end = Math.min(LONGEST_SHOWN_H, Math.max(next.p90 * 1.15, 4));
  const place = (hours: number) => `${(100 * Math.min(hours, end)) / end}%`;
  return (
    <Panel title={`You will be back in about ${inWords(next.expected_hours)}`}>
      <div
        className="relative mt-8 h-16"
        role="img"
        aria-label={`Expected in ${inWords(next.expected_hours)}; eight times out of ten between ${inWords(next.p10)} and ${inWords(next.p90)}`}
      >
        <div className="absolute inset-x-0 top-2 h-px bg-line" />
        <div
          className="absolute top-0 h-4 rounded-round bg-signal/25"
          style={{ left: place(next.p10), right: `calc(100% - ${place(next.p90)})` }}
        />
        <div className="absolute top-2 size-4 -translate-1/2 rounded-round bg-signal" style={{ left: place(next.expected_hours) }} />
        <span className="absolute top-6 left-0 text-tick text-muted">now</span>
        <span className="absolute top-6 right-0 text-tick text-muted">in {inWords(end)}</span>
      </div>
      <p className="text-muted">
        Eight times out of ten it would be between {inWords(next.p10)} and {inWords(next.p90)} from now; sooner than the dot as often as later.
      </p>
      {next.within.length > 0 && (
        <>
          <dl className="mt-4 grid grid-cols-3 gap-x-4">
            {next.within.map(({ hours, probability }) => (
              <div key={hours}>
                <dt className="whitespace-nowrap text-tick text-muted">{hours === 24 ? 'within a day' : `within ${hours}${NO_BREAK}h`}</dt>
                <dd className="tabular-nums">{percent(probability)}</dd>
              </div>
            ))}
          </dl>
          <p className="mt-2 text-muted">These chances follow how long your own latest pauses lasted.</p>
        </>
      )}
    </Panel>
  );
}

function inWords(hours: number): string {
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))}${NO_BREAK}min`;
  if (hours < 36) return `${hours < 10 ? Math.round(hours * 2) / 2 : Math.round(hours)}${NO_BREAK}h`;
  return `${Math.round(hours / 24)}${NO_BREAK}days`;
}
