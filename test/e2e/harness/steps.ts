/** For a suite whose tests are steps of one story: after one that failed, the rest would only wait in vain. */
export function inOrder(): void {
  let broken = false;
  beforeEach(function skipTheRest() {
    if (broken) this.skip();
  });
  afterEach(function remember() {
    broken ||= this.currentTest?.state === 'failed';
  });
}
