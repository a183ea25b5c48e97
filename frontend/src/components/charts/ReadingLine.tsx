/** What the chart above says of the place that is read; screen readers hear it from the chart itself. */
export function ReadingLine({ children }: { children: string }) {
  return (
    <p className="mt-2 min-h-6 text-muted" aria-hidden>
      {children}
    </p>
  );
}
