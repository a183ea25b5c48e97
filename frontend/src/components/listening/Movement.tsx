/** How a rank moved against the span compared with. */
export function Movement({ now, before }: { now: number; before: number | null }) {
  const [sign, words, tone] =
    before === null
      ? ['new', 'new here', 'text-counter-text']
      : before > now
        ? [`↑${before - now}`, `up ${before - now}`, 'text-signal-text']
        : before < now
          ? [`↓${now - before}`, `down ${now - before}`, 'text-muted']
          : ['·', 'same place', 'text-muted'];
  return (
    <span className={`inline-block w-8 shrink-0 text-tick ${tone}`} title={words}>
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{words}</span>
    </span>
  );
}
