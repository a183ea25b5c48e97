import { Heart } from 'lucide-react';
import { IconButton } from '@/components/ui/Button';

interface LoveButtonProps {
  name: string;
  loved: boolean;
  onChange: (loved: boolean) => void;
}

/** Says of a track that it is loved, or takes it back. */
export function LoveButton({ name, loved, onChange }: LoveButtonProps) {
  return (
    <IconButton label={loved ? `Take back: love ${name}` : `Love ${name}`} pressed={loved} onClick={() => onChange(!loved)}>
      <Heart size={18} fill={loved ? 'currentColor' : 'none'} aria-hidden />
    </IconButton>
  );
}
