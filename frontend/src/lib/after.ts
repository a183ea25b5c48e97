/**
 * What follows a press, for each press: what is given to `mutate` itself is forgotten when another press comes before the
 * answer. A refusal is told where the mutation is set up, unless `refused` has something to add.
 */
export function after<T>(answer: Promise<T>, then: (done: T) => void, refused: () => void = () => undefined): void {
  void answer.then(then, refused);
}
