/** The plays behind a page: of one thing, `artist_id=7`, within its time. */
export function everyPlay(of: string, span: string): string {
  return span === 'all' ? `/history?${of}` : `/history?span=${span}&${of}`;
}
