const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]+(?:[\s\p{M}'’-]+[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]+)*/gu;

/** The sentence with its right-to-left names set apart (U+2068 … U+2069): no number or comma beside one is drawn into it. */
export function isolated(sentence: string): string {
  return sentence.replace(RIGHT_TO_LEFT, '\u2068$&\u2069');
}

/** The same for what may be a sentence. */
export function isolatedIn<T>(words: T): T | string {
  return typeof words === 'string' ? isolated(words) : words;
}
