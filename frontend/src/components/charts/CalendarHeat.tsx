import { memo, useEffect, useLayoutEffect, useMemo } from 'react';
import { heat, loudness } from '@/lib/colours';
import { dayLong, duration, isoDay, MONTHS, parseDay, plural } from '@/lib/format';
import { ReadingLine } from './ReadingLine';
import { useReading } from './useReading';
import { useWidth } from './useWidth';

interface HeatDay {
  day: string;
  listens: number;
  ms_played: number;
}

interface CalendarHeatProps {
  days: HeatDay[];
  firstDay: string;
  lastDay: string;
  onChoose: (day: string) => void;
  rest: string;
}

const DAY_MS = 86_400_000;
const LEFT = 34;
const TOP = 18;
const LARGEST = 17;
const SMALLEST = 9;
const STEPS: Record<string, number> = { ArrowRight: 7, ArrowLeft: -7, ArrowDown: 1, ArrowUp: -1, PageUp: 28, PageDown: -28 };
const WEEKDAY_TICKS: Record<number, string> = { 0: 'Mon', 3: 'Thu', 6: 'Sun' };

/** Every day of the span: a column a week, a row a weekday, a block a year where one line does not hold them all. */
export function CalendarHeat({ days, firstDay, lastDay, onChoose, rest }: CalendarHeatProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const byDay = useMemo(() => new Map(days.map((entry) => [entry.day, entry])), [days]);
  const loud = useMemo(() => loudness(days.map((entry) => entry.listens)), [days]);
  const blocks = useMemo(() => blocksOf(firstDay, lastDay), [firstDay, lastDay]);
  const weeks = Math.max(...blocks.map((block) => block.weeks));
  const size = Math.max(SMALLEST, Math.min(LARGEST, (width - LEFT) / weeks));
  const blockHeight = heightOf(size);
  const wide = LEFT + weeks * size;

  // where the days do not fit, the latest are in sight
  const measured = width > 0;
  useLayoutEffect(() => {
    if (measured && ref.current) ref.current.scrollLeft = ref.current.scrollWidth;
  }, [measured, firstDay, lastDay, ref]);

  const placeOf = (day: string) => Math.round((parseDay(day).getTime() - parseDay(firstDay).getTime()) / DAY_MS);
  const dayAt = (place: number) => isoDay(new Date(parseDay(firstDay).getTime() + place * DAY_MS));
  const { at: place, reader } = useReading({
    count: placeOf(lastDay) + 1,
    start: placeOf(days.at(-1)?.day ?? firstDay),
    move: (from, key) => (key in STEPS ? from + (STEPS[key] ?? 0) : null),
    under: (left, top) => {
      const block = blocks[Math.floor(top / blockHeight)];
      const week = Math.floor((left - LEFT) / size);
      const row = Math.floor(((top % blockHeight) - TOP) / size);
      if (!block || week < 0 || week >= block.weeks || row < 0 || row > 6) return null;
      const day = isoDay(new Date(block.monday + (week * 7 + row) * DAY_MS));
      return day < block.first || day > block.last ? null : placeOf(day);
    },
    onChoose: (chosen) => onChoose(dayAt(chosen)),
  });
  const at = place === null ? null : dayAt(place);
  const told = at ? describe(at, byDay.get(at)) : rest;
  const frame = at ? frameOf(at, blocks, size) : null;

  // what the keys read is brought into sight
  useEffect(() => {
    const view = ref.current;
    if (!view || !frame) return;
    if (frame.x < view.scrollLeft + size) view.scrollLeft = frame.x - size * 2;
    else if (frame.x > view.scrollLeft + view.clientWidth - size * 2) view.scrollLeft = frame.x - view.clientWidth + size * 3;
  });

  return (
    <div>
      <div ref={ref} className="no-scrollbar overflow-x-auto" style={{ minHeight: blockHeight }}>
        {width > 0 && (
          <svg
            width={Math.max(wide, 1)}
            height={blockHeight * blocks.length}
            {...reader}
            className={undefined}
            aria-label="Days of the span. Arrow keys read it day by day, Enter opens the day."
            aria-valuetext={told}
          >
            <Blocks blocks={blocks} size={size} byDay={byDay} loud={loud} />
            {frame && (
              <rect x={frame.x} y={frame.y} width={size - 2} height={size - 2} rx={2.5} fill="none" stroke="var(--ink)" strokeWidth={2} />
            )}
          </svg>
        )}
      </div>
      <ReadingLine>{told}</ReadingLine>
    </div>
  );
}

interface BlocksProps {
  blocks: Block[];
  size: number;
  byDay: Map<string, HeatDay>;
  loud: (value: number) => number;
}

/** Drawn once: a long history has thousands of days, and none of them changes while it is read. */
const Blocks = memo(function Blocks({ blocks, size, byDay, loud }: BlocksProps) {
  return blocks.map((block, index) => (
    <g key={block.first} transform={`translate(0 ${index * heightOf(size)})`}>
      <BlockTicks block={block} size={size} named={blocks.length > 1} />
      {daysOf(block).map((day, number) => (
        <rect
          key={day}
          x={LEFT + Math.floor((number + block.offset) / 7) * size + 1}
          y={TOP + ((number + block.offset) % 7) * size + 1}
          width={size - 2}
          height={size - 2}
          rx={2.5}
          fill={heat(loud(byDay.get(day)?.listens ?? 0))}
        />
      ))}
    </g>
  ));
});

/** A block with its months above it and some air below. */
const heightOf = (size: number): number => TOP + size * 7 + 8;

/** Where a day stands, in the picture. */
function frameOf(day: string, blocks: Block[], size: number): { x: number; y: number } | null {
  const index = blocks.findIndex((block) => block.first <= day && day <= block.last);
  const block = blocks[index];
  if (!block) return null;
  const place = Math.round((parseDay(day).getTime() - block.monday) / DAY_MS);
  return { x: LEFT + Math.floor(place / 7) * size + 1, y: index * heightOf(size) + TOP + (place % 7) * size + 1 };
}

interface Block {
  first: string;
  last: string;
  /** Time of the Monday its first column begins with. */
  monday: number;
  /** Days between that Monday and its first day. */
  offset: number;
  weeks: number;
}

/** One block for up to a year and a bit, else one for each calendar year. */
function blocksOf(first: string, last: string): Block[] {
  const length = (parseDay(last).getTime() - parseDay(first).getTime()) / DAY_MS + 1;
  if (length <= 372) return [block(first, last)];
  const blocks: Block[] = [];
  for (let year = Number(last.slice(0, 4)); year >= Number(first.slice(0, 4)); year -= 1) {
    const [begin, end] = [`${year}-01-01`, `${year}-12-31`];
    blocks.push(block(begin < first ? first : begin, end > last ? last : end));
  }
  return blocks;
}

function block(first: string, last: string): Block {
  const begin = parseDay(first);
  const offset = (begin.getUTCDay() + 6) % 7;
  const days = (parseDay(last).getTime() - begin.getTime()) / DAY_MS + 1;
  return { first, last, monday: begin.getTime() - offset * DAY_MS, offset, weeks: Math.ceil((days + offset) / 7) };
}

function daysOf({ first, last }: Block): string[] {
  const begin = parseDay(first).getTime();
  const length = (parseDay(last).getTime() - begin) / DAY_MS + 1;
  return Array.from({ length }, (_, index) => isoDay(new Date(begin + index * DAY_MS)));
}

function BlockTicks({ block, size, named }: { block: Block; size: number; named: boolean }) {
  const firsts = daysOf(block)
    .map((day, index) => ({ day, week: Math.floor((index + block.offset) / 7) }))
    .filter(({ day }) => day.endsWith('-01'));
  return (
    <g className="fill-muted text-tick" aria-hidden>
      {named && (
        <text x={0} y={11}>
          {block.first.slice(0, 4)}
        </text>
      )}
      {firsts.map(({ day, week }) => (
        <text key={day} x={LEFT + week * size + 1} y={11}>
          {(MONTHS[Number(day.slice(5, 7)) - 1] ?? '').slice(0, 3)}
        </text>
      ))}
      {size >= 11 &&
        Object.entries(WEEKDAY_TICKS).map(([row, name]) => (
          <text key={row} x={0} y={TOP + Number(row) * size + size / 2} dy="0.35em">
            {name}
          </text>
        ))}
    </g>
  );
}

function describe(day: string, entry: HeatDay | undefined): string {
  return `${dayLong(day)}: ${entry?.listens ? `${plural(entry.listens, 'listen')}, ${duration(entry.ms_played)}` : 'silence'}`;
}
