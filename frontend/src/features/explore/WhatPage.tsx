import { Tops } from '@/components/listening/Tops';
import { useTitle } from '@/lib/useTitle';
import { Eras } from './Eras';
import { useExplored } from './ExploreLayout';
import { Genres } from './Genres';
import { Guests } from './Guests';
import { Leaders } from './Leaders';
import { Page } from './Page';
import { Spoken } from './Spoken';
import { Variety } from './Variety';

/** Artists, tracks and albums, how wide they are spread, from which years, and what was spoken. */
export function WhatPage() {
  useTitle('What you listen to');
  const { span, against, choose } = useExplored();
  return (
    <Page title="What you listen to">
      <Tops span={span} against={against} />
      <Leaders span={span} />
      <Variety span={span} against={against} onChoose={choose} />
      <div className="grid gap-x-12 gap-y-16 empty:hidden lg:grid-cols-2">
        <Genres span={span} against={against} />
        <Guests span={span} against={against} />
      </div>
      <Eras span={span} against={against} />
      <Spoken span={span} against={against} />
    </Page>
  );
}
