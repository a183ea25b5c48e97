import { keepPreviousData } from '@tanstack/react-query';
import { useGetLeaders } from '@/api/generated';
import type { Leaders as LeadersData, Reign } from '@/api/generated/model';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { SpanBars } from '@/components/charts/SpanBars';
import { useRankBy } from '@/components/listening/RankBy';
import { rankedLink } from '@/components/listening/RankedList';
import { QueryView } from '@/components/ui/QueryView';
import { Tabs } from '@/components/ui/Tabs';
import { count, dayShort, percent, plural } from '@/lib/format';
import { partOf, spanPhrase, type Part } from '@/lib/span';
import { useParam } from '@/lib/useParam';
import { useToday } from '@/lib/useZone';

const SHOWN = 10;
const KINDS = {
  artists: { one: 'artist', title: 'Artists' },
  tracks: { one: 'track', title: 'Tracks' },
  albums: { one: 'album', title: 'Albums' },
} as const;
const UNITS: Record<Part, string> = { week: 'Weeks', month: 'Months', year: 'Years' };
type Kind = keyof typeof KINDS;

const isKind = (asked: string | null): asked is Kind => asked !== null && Object.hasOwn(KINDS, asked);
const isPart = (asked: string | null): asked is Part => asked !== null && Object.hasOwn(UNITS, asked);

/** Who was number one of each week, month or year, and how long in a row; nothing for a time of one part only. */
export function Leaders({ span }: { span: string }) {
  const usual = partOf(span);
  return usual && <NumberOnes span={span} usual={usual} />;
}

function NumberOnes({ span, usual }: { span: string; usual: Part }) {
  const [by] = useRankBy();
  const [askedKind, chooseKind] = useParam('led');
  const [askedUnit, chooseUnit] = useParam('per');
  const today = useToday();
  const asked = { kind: isKind(askedKind) ? askedKind : 'artists', unit: isPart(askedUnit) ? askedUnit : usual } as const;
  const leaders = useGetLeaders({ span, by, ...asked }, { query: { placeholderData: keepPreviousData } });
  return (
    <QueryView query={leaders} what="find your number ones" empty={(data) => data.periods === 0 && data.kind === 'artists' && <></>}>
      {(data) => (
        <ChartFrame
          title={titleOf(data)}
          note={`Number one by ${data.by} of each ${data.unit} ${data.span.text === 'all' ? 'there is' : spanPhrase(data.span.text)}.`}
          table={{
            columns: ['Number one', 'From', 'To', UNITS[data.unit], 'Listens', 'Share'],
            rows: data.reigns.map((one) => [one.name, dayShort(one.first_day), dayShort(one.last_day), one.periods, count(one.listens), percent(one.share)]),
          }}
        >
          <div className="mb-4 flex flex-wrap gap-x-8">
            <Tabs label="Number one of" value={asked.kind} onChange={chooseKind} options={options(KINDS, ({ title }) => title)} />
            <Tabs label="For each" value={asked.unit} onChange={chooseUnit} options={options(UNITS, (title) => title)} />
          </div>
          <SpanBars
            label="The longest reigns, oldest first"
            firstDay={data.span.first_day}
            lastDay={data.span.last_day < today ? data.span.last_day : today}
            bars={longest(data.reigns).map((one) => ({
              key: `${one.id} ${one.first_day}`,
              name: one.name,
              to: rankedLink(data.kind, data.span.text)(one),
              firstDay: one.first_day,
              lastDay: one.last_day,
              told: `${plural(one.periods, data.unit)}, ${percent(one.share)} of ${data.by === 'time' ? 'the time' : 'all listens'}`,
              behind: `/history?span=${one.first_day}..${one.last_day}&${KINDS[data.kind].one}_id=${one.id}`,
              weight: one.share,
            }))}
          />
        </ChartFrame>
      )}
    </QueryView>
  );
}

const options = <K extends string, T>(of: Record<K, T>, label: (told: T) => string) =>
  (Object.keys(of) as K[]).map((value) => ({ value, label: label(of[value]) }));

function titleOf({ leaders, periods, kind, unit }: LeadersData): string {
  const [first, second] = leaders;
  if (!first) return `No ${KINDS[kind].one} is known of it`;
  if (first.periods === second?.periods) return `${plural(leaders.length, KINDS[kind].one)} led in ${plural(periods, unit)}`;
  return `${first.name} led in ${count(first.periods)} of ${plural(periods, unit)}`;
}

/** As many as can be read, oldest first. */
function longest(reigns: Reign[]): Reign[] {
  return [...reigns]
    .sort((a, b) => b.periods - a.periods || b.share - a.share)
    .slice(0, SHOWN)
    .sort((a, b) => a.first_day.localeCompare(b.first_day));
}
