/** The mark: two grooves, a label and the arm that reads them. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} fill="none" strokeLinecap="round" aria-hidden>
      <circle cx={14.5} cy={17.5} r={13} stroke="currentColor" strokeWidth={1.6} />
      <circle cx={14.5} cy={17.5} r={9} stroke="currentColor" strokeWidth={1.2} opacity={0.6} />
      <circle cx={14.5} cy={17.5} r={3} fill="var(--signal)" />
      <path d="M28.5 3.5 19 13" stroke="var(--signal)" strokeWidth={2.6} />
    </svg>
  );
}

export function Logo({ className }: { className?: string }) {
  return (
    <span className={`inline-flex items-center gap-2.5 ${className ?? ''}`}>
      <Mark className="size-7" />
      <span className="title tracking-tight">Tonearm</span>
    </span>
  );
}
