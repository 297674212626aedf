// A failure that a person can mend: shown as its message and its remedy, without a stack.

/** One line that says what is wrong (`message`), one that says what to do (`remedy`). */
export class Problem extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** Something that this machine cannot offer and the course can do without, less well. */
export class Unavailable extends Problem {}
