import type { Demo, DemoListener } from '@/api/generated/model';
import { Avatar } from '@/components/ui/Avatar';

interface DemoListenersProps {
  demo: Demo;
  busy: boolean;
  onChoose: (listener: DemoListener) => void;
}

const SHOWN = 6;

/** The made-up town: one press and one is somebody else for a while. */
export function DemoListeners({ demo, busy, onChoose }: DemoListenersProps) {
  return (
    <div className="groove-rule mt-7 pt-5">
      <p className="text-muted">Or look around as somebody from the demo town:</p>
      <ul className="mt-3 flex flex-wrap gap-2">
        {demo.listeners.slice(0, SHOWN).map((listener) => (
          <li key={listener.email}>
            <button
              type="button"
              disabled={busy}
              onClick={() => onChoose(listener)}
              className="flex min-h-11 items-center gap-2 rounded-round border border-line bg-raised py-1 pr-4 pl-1.5 transition-colors hover:border-muted disabled:opacity-50"
            >
              <Avatar handle={listener.handle} name={listener.display_name} className="size-8" />
              <span>
                <span className="sr-only">Sign in as </span>
                {listener.display_name}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
