import { Suspense, useCallback, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { useImportWatch } from '@/features/imports/useImportWatch';
import { SearchDialog } from '@/features/search/SearchDialog';
import { SkeletonRows } from '@/components/ui/States';
import { BottomBar } from './BottomBar';
import { Rail } from './Rail';
import { StatusBanner } from './StatusBanner';
import { useSlash } from './useSlash';
import { useStrayDrops } from './useStrayDrops';

/** The frame around every page of a signed-in listener. */
export function Shell() {
  const [searching, setSearching] = useState(false);
  const search = useCallback(() => setSearching(true), []);
  useSlash(search);
  useStrayDrops();
  useImportWatch(useLocation().pathname !== '/import');
  return (
    <div className="flex">
      <a
        href="#content"
        className="sr-only z-50 rounded-round bg-signal px-5 py-3 text-on-signal focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to the content
      </a>
      <Rail onSearch={search} />
      <div className="min-w-0 flex-1 pb-28 lg:pb-16">
        <StatusBanner />
        <main id="content" tabIndex={-1} className="mx-auto max-w-6xl px-5 py-8 outline-none sm:px-8 lg:px-12 lg:py-12">
          <Suspense fallback={<SkeletonRows />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <BottomBar onSearch={search} />
      <SearchDialog open={searching} onClose={() => setSearching(false)} />
    </div>
  );
}
