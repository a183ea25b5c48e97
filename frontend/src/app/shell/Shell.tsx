import { Suspense } from 'react';
import { Outlet } from 'react-router';
import { SkeletonRows } from '@/components/ui/States';
import { BottomBar } from './BottomBar';
import { Rail } from './Rail';
import { StatusBanner } from './StatusBanner';

/** The frame around every page of a signed-in listener. */
export function Shell() {
  return (
    <div className="flex">
      <a
        href="#content"
        className="sr-only z-50 rounded-round bg-signal px-5 py-3 text-on-signal focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to the content
      </a>
      <Rail />
      <div className="min-w-0 flex-1 pb-28 lg:pb-16">
        <StatusBanner />
        <main id="content" tabIndex={-1} className="mx-auto max-w-6xl px-5 py-8 outline-none sm:px-8 lg:px-12 lg:py-12">
          <Suspense fallback={<SkeletonRows />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <BottomBar />
    </div>
  );
}
