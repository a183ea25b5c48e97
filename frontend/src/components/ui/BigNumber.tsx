import { widthInEm } from '@/lib/type';

/** One number as large as its container is wide. */
export function BigNumber({ children }: { children: string }) {
  return (
    <span className="@container block">
      <span
        className="display block whitespace-nowrap leading-[0.82] tracking-normal"
        style={{ fontSize: `min(calc(98cqw / ${widthInEm(children)}), 14rem)` }}
      >
        {children}
      </span>
    </span>
  );
}
