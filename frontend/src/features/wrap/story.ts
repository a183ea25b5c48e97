import type { ReactNode } from 'react';
import type { ShownWrap } from '@/api/generated/model';

export interface WrapScreen {
  key: string;
  /** What a screen reader hears when the screen comes up. */
  name: string;
  render: () => ReactNode;
}

/** Makes one screen of a wrap, or nothing where there is nothing true to say. `mine`: the listener looks at it. */
export type Chapter = (wrap: ShownWrap, mine: boolean) => Omit<WrapScreen, 'key'> | null;
