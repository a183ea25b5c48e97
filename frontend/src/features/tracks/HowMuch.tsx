import type { ReactNode } from 'react';
import type { ArtistDetail } from '@/api/generated/model';
import { Panel } from '@/components/ui/Panel';
import { duration, plural } from '@/lib/format';
import { spanPhrase } from '@/lib/span';
import { HeardChart } from './HeardChart';
import { KnownSince } from './KnownSince';

interface HowMuchProps {
  data: Pick<ArtistDetail, 'plays' | 'listens' | 'ms_played' | 'first_played_at' | 'last_played_at' | 'months' | 'days'>;
  span: string;
  /** Whose plays the chart opens: `artist_id=7`. */
  of: string;
  /** In how many months it led. */
  numberOne?: ReactNode;
}

/** How often and how long, within the time of the page. */
export function HowMuch({ data, span, of, numberOne }: HowMuchProps) {
  const note = (
    <>
      <KnownSince first={data.first_played_at} last={data.last_played_at} ofAllTime={span !== 'all'} />
      {numberOne}
    </>
  );
  return (
    <Panel title={amount(data, span)} note={note}>
      <HeardChart months={data.months} days={data.days ?? []} of={of} />
    </Panel>
  );
}

function amount({ plays, listens, ms_played: ms }: HowMuchProps['data'], span: string): string {
  const during = span === 'all' ? '' : ` ${spanPhrase(span)}`;
  if (listens) return `${plural(listens, 'listen')}${during}, ${duration(ms)} together`;
  if (plays) return `${plural(plays, 'short play')}${during}, not one listened to`;
  return span === 'all' ? 'You have not heard it yet' : `Silent${during}`;
}
