import { NavLink, Outlet, useLocation, useOutletContext } from 'react-router';
import { NothingYet } from '@/components/listening/NothingYet';
import { TimeControls } from '@/components/listening/TimeControls';
import { WhatItMeans } from '@/components/listening/WhatItMeans';
import { useListeningSpan } from '@/components/listening/useListeningSpan';
import { cx } from '@/components/ui/classes';
import { QueryView } from '@/components/ui/QueryView';
import { useAgainst } from '@/lib/useSpan';

const SECTIONS = [
  { to: 'when', label: 'When' },
  { to: 'what', label: 'What' },
  { to: 'how', label: 'How' },
  { to: 'new', label: 'New and back' },
];

export interface Explored {
  span: string;
  against: string | null;
  choose: (span: string) => void;
}

export const useExplored = (): Explored => useOutletContext<Explored>();

/** The frame of the four pages of questions: which part, which time, and beside which other. All of it is in the URL. */
export function ExploreLayout() {
  const { span, choose, spans } = useListeningSpan();
  const [against, lay] = useAgainst(span);
  const { search } = useLocation();
  return (
    <QueryView
      query={spans}
      what="fetch your history"
      empty={(data) => !data.first_day && <NothingYet>Questions need plays to answer them.</NothingYet>}
    >
      {(data) => (
        <>
          <div className="mb-10 flex flex-wrap items-center justify-between gap-x-8 gap-y-3">
            <nav aria-label="Parts of your listening" className="no-scrollbar -ml-3 flex overflow-x-auto">
              {SECTIONS.map(({ to, label }) => (
                <NavLink
                  key={to}
                  to={{ pathname: to, search }}
                  className={({ isActive }) =>
                    cx('relative flex min-h-11 shrink-0 items-center px-3 font-medium', isActive ? 'text-ink' : 'text-muted hover:text-ink')
                  }
                >
                  {({ isActive }) => (
                    <>
                      {label}
                      <span
                        aria-hidden
                        className={cx(
                          'absolute inset-x-3 bottom-1 h-0.5 origin-left rounded-round bg-signal transition-transform',
                          isActive ? 'scale-x-100' : 'scale-x-0',
                        )}
                      />
                    </>
                  )}
                </NavLink>
              ))}
            </nav>
            <TimeControls span={span} against={against} spans={data} onChoose={choose} onLay={lay} />
          </div>
          <Outlet context={{ span, against, choose } satisfies Explored} />
          <WhatItMeans />
        </>
      )}
    </QueryView>
  );
}
