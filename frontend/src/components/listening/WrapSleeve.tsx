import type { ShownWrap } from '@/api/generated/model';
import { dayValues } from '@/components/groove/geometry';
import { MiniGroove } from '@/components/groove/MiniGroove';
import { wrapHues } from '@/lib/colours';
import { count } from '@/lib/format';
import { keptLabel } from '@/lib/span';

/** A wrap in a post: its disc, its number, its names, in its own two colours. */
export function WrapSleeve({ wrap }: { wrap: ShownWrap }) {
  return (
    <div
      className="wrap-colours overflow-hidden rounded-panel"
      style={wrapHues(wrap)}
    >
      <div className="wrap-on-deep @container relative overflow-hidden bg-ground p-6 text-ink sm:p-7">
        <MiniGroove
          days={dayValues(wrap.days)}
          firstDay={wrap.span.first_day}
          lastDay={wrap.span.last_day}
          className="absolute top-1/2 -right-24 w-72 -translate-y-1/2 @md:-right-12 @md:w-80"
        />
        <div className="relative max-w-[62%]">
          <p className="font-medium">{keptLabel(wrap)}</p>
          {wrap.amounts && (
            <>
              <p className="display text-display text-signal">{count(wrap.amounts.minutes)}</p>
              <p>{wrap.amounts.minutes === 1 ? 'minute' : 'minutes'}</p>
            </>
          )}
          <ol className="mt-5">
            {wrap.top_artists.slice(0, 3).map((item) => (
              <li key={item.rank} className="truncate">
                <span className="mr-2 text-muted">{item.rank}</span>
                {item.name}
              </li>
            ))}
          </ol>
        </div>
      </div>
    </div>
  );
}
