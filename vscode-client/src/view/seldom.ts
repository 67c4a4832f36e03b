/** Does something at once when asked, and then not again before a pause is over, however often it is asked. */
export class Seldom {
  private timer: NodeJS.Timeout | undefined;
  private again = false;

  constructor(
    private readonly pause: number | (() => number),
    private readonly act: () => void,
  ) {}

  /** Asks for it. */
  soon(): void {
    if (this.timer !== undefined) {
      this.again = true;
      return;
    }
    const pause = typeof this.pause === "number" ? this.pause : this.pause();
    this.timer = setTimeout(() => this.rest(), pause);
    this.act();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private rest(): void {
    this.timer = undefined;
    if (this.again) {
      this.again = false;
      this.soon();
    }
  }
}
