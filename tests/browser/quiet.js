// Put into every page and frame of a test before its own scripts: `quiet()` is done once the page waits for nothing.
(() => {
  const { setTimeout, clearTimeout, requestAnimationFrame } = globalThis;
  // Longer ones are no part of an answer to the reader: reminders, and pauses before a server is asked again.
  const LONGEST = 1000;
  const GIVEN_UP = 30_000;
  const timers = new Map();
  let answers = 0;

  const counted = (owner, name) => {
    const found = owner[name];
    owner[name] = function (...given) {
      answers += 1;
      const promise = found.apply(this, given);
      const done = () => { answers -= 1; };
      promise.then(done, done);
      return promise;
    };
  };
  counted(globalThis, "fetch");
  for (const part of ["arrayBuffer", "blob", "json", "text"]) counted(Response.prototype, part);

  globalThis.setTimeout = (work, pause = 0, ...given) => {
    if (pause > LONGEST || typeof work !== "function") return setTimeout(work, pause, ...given);
    const timer = setTimeout((...said) => {
      timers.delete(timer);
      work(...said);
    }, pause, ...given);
    timers.set(timer, pause);
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    timers.delete(timer);
    clearTimeout(timer);
  };

  // Two frames in a row: what one of them draws may set a timer of its own.
  globalThis.quiet = async () => {
    const begun = performance.now();
    for (let still = 0; still < 2;) {
      if (performance.now() - begun > GIVEN_UP) {
        throw new Error(`the page waits for ${answers} answers and timers of ${[...timers.values()].join(", ")} ms`);
      }
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      still = answers + timers.size === 0 ? still + 1 : 0;
    }
  };
})();
