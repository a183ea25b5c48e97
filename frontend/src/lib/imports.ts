import type { Import } from '@/api/generated/model';

/** Undoing was given up: the error says so, and it can be tried again. */
export const undoingStopped = ({ state, error }: Import): boolean => state === 'undoing' && Boolean(error);

export const isUnderWay = (item: Import): boolean =>
  ['queued', 'running', 'undoing'].includes(item.state) && !undoingStopped(item);
