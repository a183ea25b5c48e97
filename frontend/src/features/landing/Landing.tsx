import type { ReactNode } from 'react';
import { Logo } from '@/components/groove/Logo';
import { useTitle } from '@/lib/useTitle';
import { SpinningGroove } from './SpinningGroove';

const PROMISES = [
  ['Every play is counted.', 'Drop the ZIP that Spotify sends you; each row gets a verdict you can read.'],
  ['It learns here, from you.', 'What to play next, what sounds alike, how your week will go: with reasons, and how sure.'],
  ['It stays with you.', 'Your own machine, your own models. Nothing is asked of Spotify.'],
];

/** The sleeve: one sentence, one disc, one door. */
export function Landing({ door }: { door: ReactNode }) {
  useTitle('');
  return (
    <div className="relative min-h-dvh overflow-hidden">
      <SpinningGroove className="pointer-events-none absolute top-[-20rem] right-[-20rem] w-[42rem] sm:top-[-26rem] sm:right-[-24rem] sm:w-[60rem] lg:top-[-34rem] lg:right-[-34rem] lg:w-[84rem]" />
      <div className="relative mx-auto flex min-h-dvh max-w-7xl flex-col px-5 py-7 sm:px-10 lg:px-16">
        <header>
          <Logo />
        </header>
        <main className="grid flex-1 items-end gap-x-16 gap-y-12 pt-40 pb-8 sm:pt-56 lg:grid-cols-[1.25fr_minmax(22rem,1fr)] lg:items-center lg:pt-8">
          <div>
            <h1 className="display text-[clamp(3.5rem,2rem+6.7vw,8.5rem)] leading-[0.86] tracking-[-0.028em]">
              Your listening, given back.
            </h1>
            <p className="mt-7 max-w-[44ch] text-muted">
              Tonearm turns your Spotify history into months and years you can look at, understand and share.
            </p>
            <dl className="mt-10 hidden max-w-2xl grid-cols-3 gap-8 lg:grid">
              {PROMISES.map(([what, how]) => (
                <div key={what} className="groove-rule pt-4">
                  <dt className="font-medium">{what}</dt>
                  <dd className="mt-1 text-muted">{how}</dd>
                </div>
              ))}
            </dl>
          </div>
          <div className="rounded-panel border border-line bg-ground/92 p-6 backdrop-blur-sm sm:p-8">{door}</div>
          <dl className="grid gap-6 lg:hidden">
            {PROMISES.map(([what, how]) => (
              <div key={what} className="groove-rule pt-4">
                <dt className="font-medium">{what}</dt>
                <dd className="mt-1 text-muted">{how}</dd>
              </div>
            ))}
          </dl>
        </main>
      </div>
    </div>
  );
}
