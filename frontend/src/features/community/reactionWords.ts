/** What one may say to a post without words of one's own, as the API names it and as pages do. */
export const REACTIONS = [
  { kind: 'like', words: 'I like it' },
  { kind: 'same', words: 'Me too' },
  { kind: 'surprised', words: 'Did not expect that' },
] as const;

export const reactionWords = (kind: string): string => REACTIONS.find((one) => one.kind === kind)?.words ?? kind;
