import type { Import } from '@/api/generated/model';

const STATES: Record<string, string> = {
  queued: 'waiting for its turn',
  running: 'being read',
  done: 'done',
  failed: 'stopped',
  undoing: 'being undone',
  undone: 'undone',
};

const VERDICTS: Record<string, { title: string; meaning: string }> = {
  accepted: { title: 'accepted', meaning: 'became plays' },
  duplicate: { title: 'duplicate', meaning: 'were there already' },
  skipped: { title: 'skipped', meaning: 'are fine but not plays' },
  broken: { title: 'broken', meaning: 'could not be read' },
};

export const VERDICT_NAMES = ['accepted', 'duplicate', 'skipped', 'broken'] as const;

export const stateWords = (state: string): string => STATES[state] ?? state;
export const verdictWords = (verdict: string) => VERDICTS[verdict] ?? { title: verdict, meaning: '' };
export const reasonWords = (reason: string): string => reason.replaceAll('_', ' ');

/** How far an import is, 0..1, or null while its length is not known yet. */
export function shareDone({ totals, state }: Import): number | null {
  if (state === 'done') return 1;
  if (!totals.total_rows) return null;
  return Math.min(1, totals.rows / totals.total_rows);
}
