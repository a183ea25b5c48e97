import { ButtonLink } from '@/components/ui/Button';
import { NothingYet } from '@/components/listening/NothingYet';
import { TimeControls } from '@/components/listening/TimeControls';
import { useListeningSpan } from '@/components/listening/useListeningSpan';
import { QueryView } from '@/components/ui/QueryView';
import { spanDays, spanKind } from '@/lib/span';
import { useAgainst } from '@/lib/useSpan';
import { useToday } from '@/lib/useZone';
import { useTitle } from '@/lib/useTitle';
import { Groove } from './Groove';
import { Headline } from './Headline';
import { NowPlaying } from './NowPlaying';
import { Recent } from './Recent';
import { ThisDay } from './ThisDay';
import { Tops } from '@/components/listening/Tops';
import { ThroughTime } from '@/components/listening/ThroughTime';
import { WhatItMeans } from '@/components/listening/WhatItMeans';
import { WeekClock } from '@/components/listening/WeekClock';

/** The listener's own history for a span: one big number, then one answer per panel. */
export function HomePage() {
  useTitle('Home');
  const { span, choose, spans } = useListeningSpan();
  const [against, lay] = useAgainst(span);
  const kind = spanKind(span);
  const days = spanDays(span);
  const today = useToday();
  const goesOn = !days || days.last >= today;
  return (
    <QueryView
      query={spans}
      what="fetch your history"
      empty={(data) =>
        !data.first_day && (
          <NothingYet>Lay down the ZIP that Spotify sends you, and this page becomes your years.</NothingYet>
        )
      }
    >
      {(data) => (
        <>
          <div className="mb-8 flex flex-wrap items-center justify-between gap-4">
            <div className="flex flex-wrap gap-3 max-sm:order-2">
              {kind !== null && kind !== 'day' && (
                <ButtonLink look="signal" to={`/wrap/${span}`}>
                  Play the wrap
                </ButtonLink>
              )}
              {(kind === 'year' || kind === 'month') && (
                <ButtonLink to={`/story/${span}`}>Read the story</ButtonLink>
              )}
              <ButtonLink to={`/explore/when?${String(new URLSearchParams({ span, ...(against && { against }) }))}`}>Explore it</ButtonLink>
            </div>
            <TimeControls span={span} against={against} spans={data} onChoose={choose} onLay={lay} />
          </div>
          <NowPlaying />
          <div className="grid items-center gap-x-12 gap-y-10 lg:grid-cols-[1.1fr_1fr]">
            <Headline span={span} against={against} />
            <Groove span={span} onChoose={choose} />
          </div>
          <div className="mt-16 grid gap-x-12 gap-y-16 lg:grid-cols-[1.3fr_1fr]">
            <WeekClock span={span} against={against} />
            <ThroughTime span={span} against={against} onChoose={choose} />
          </div>
          <Tops span={span} against={against} />
          <div className="mt-16 space-y-16">
            {goesOn && <ThisDay />}
            <Recent span={span} />
          </div>
          <WhatItMeans />
        </>
      )}
    </QueryView>
  );
}
