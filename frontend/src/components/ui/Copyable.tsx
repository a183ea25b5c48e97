import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './Button';

/** Something to carry elsewhere: readable, selectable, and copied by one press where the browser allows it. */
export function Copyable({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    navigator.clipboard
      ?.writeText(value)
      .then(() => setCopied(true))
      .catch(() => setCopied(false));
  };
  return (
    <div className="flex items-center gap-1 rounded-small border border-line bg-raised pr-1 pl-4">
      <input
        readOnly
        aria-label={label}
        value={value}
        onFocus={(event) => event.target.select()}
        className="min-w-0 flex-1 bg-transparent py-2.5 focus:outline-none"
      />
      <IconButton label={copied ? 'Copied' : `Copy: ${label}`} onClick={copy}>
        {copied ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />}
      </IconButton>
      <span className="sr-only" role="status">
        {copied && 'Copied'}
      </span>
    </div>
  );
}
