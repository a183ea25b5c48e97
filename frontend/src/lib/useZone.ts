import { useReadAccount } from '@/api/generated';
import { today } from './zone';

/** The zone of the listener's account: days begin and end in it, wherever their browser is. */
export function useZone(): string | undefined {
  return useReadAccount().data?.time_zone;
}

export function useToday(): string {
  return today(useZone());
}
