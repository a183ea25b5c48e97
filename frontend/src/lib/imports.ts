import type { Import } from '@/api/generated/model';

export const isUnderWay = ({ state }: Import): boolean => ['queued', 'running', 'undoing'].includes(state);
