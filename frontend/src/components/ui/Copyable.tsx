import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { copyFrom } from '@/lib/copy';
import { useToasts } from '@/stores/toasts';
import { IconButton } from './Button';

/** Something to carry elsewhere: readable, selectable, and copied by one press; said where the browser does not allow it. */
export function Copyable({ label, value }: { label: string; value: string }) {
  const field = useRef<HTMLInputElement>(null);
  const say = useToasts((state) => state.say);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    if (!field.current) return;
    const done = await copyFrom(field.current);
    setCopied(done);
    if (!done) say('This browser does not let a page copy. It is selected: copy it yourself.', 'trouble');
  };
  return (
    <div className="flex min-w-0 flex-1 items-center gap-1 rounded-small border border-line bg-raised pr-1 pl-4">
      <input
        ref={field}
        readOnly
        aria-label={label}
        value={value}
        onFocus={(event) => event.target.select()}
        className="min-w-0 flex-1 bg-transparent py-2.5 focus:outline-none"
      />
      <IconButton label={copied ? 'Copied' : `Copy: ${label}`} onClick={() => void copy()}>
        {copied ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />}
      </IconButton>
      <span className="sr-only" role="status">
        {copied && 'Copied'}
      </span>
    </div>
  );
}
