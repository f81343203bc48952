export const STEPS = ["outline", "search", "content", "html", "preview", "export"];

/** A run before its first event. Everything the page shows of a run is in here. */
export function newRun(input) {
  return {
    input,
    id: undefined,
    /** running, stopped, failed, done */
    phase: "running",
    progress: 0,
    message: "",
    steps: Object.fromEntries(STEPS.map((name) => [name, { state: "waiting", tokens: 0, usd: 0, ms: undefined }])),
    outline: { title: "", slides: [] },
    /** Position of the slide that the outline is growing at; -1 while it is none. */
    growing: -1,
    slides: [],
    previewUrl: undefined,
    files: undefined,
    fault: undefined,
  };
}

/** What an event changes. Tokens and money of a slide count at once, and for good when its step tells the sum. */
export function applyEvent(run, event) {
  const { step: name, status, data } = event;
  const step = run.steps[name];
  run.id = event.runId;
  run.progress = event.progress;
  run.message = event.message;
  passBefore(run, name);
  if (status === "started")
    Object.assign(step, { state: "running", began: performance.now(), live: { tokens: 0, usd: 0 } });
  if (status === "processing" && name === "outline") growOutline(run, data);
  if (status === "processing" && name === "content") addSlide(run, step, data);
  if (status === "completed" || status === "error") settle(step, event);
  if (status === "completed") complete(run, name, data);
  if (status === "error" && !data.optional) {
    run.phase = data.code === "aborted" ? "stopped" : "failed";
    run.fault = run.phase === "failed" ? { step: name, ...data } : undefined;
  }
  if (event.final && status === "completed") run.phase = "done";
}

/** Nothing more comes: by the user's wish, or because the connection broke. */
export function breakOff(run, fault) {
  run.phase = fault === undefined ? "stopped" : "failed";
  run.fault = fault;
  for (const step of Object.values(run.steps)) {
    if (step.state !== "running") continue;
    // What a step had used is billed all the same.
    addUp(step, step.live ?? { tokens: 0, usd: 0 });
    step.state = fault === undefined ? "stopped" : "failed";
  }
}

export function totalOf(run) {
  return Object.values(run.steps).reduce(
    (sum, { tokens, usd, live }) => ({
      tokens: sum.tokens + tokens + (live?.tokens ?? 0),
      usd: sum.usd + usd + (live?.usd ?? 0),
    }),
    { tokens: 0, usd: 0 },
  );
}

function growOutline(run, { title, index, slide }) {
  run.outline.title = title;
  run.growing = index;
  if (slide !== null) run.outline.slides[index] = slide;
}

function addSlide(run, step, data) {
  run.slides[data.index] = data;
  if (data.kept || step.live === undefined) return;
  step.live.tokens += data.tokens;
  step.live.usd += data.usd;
}

function settle(step, { status, usage, cost, data }) {
  addUp(step, { tokens: usage?.totalTokens ?? 0, usd: cost?.totalUsd ?? 0 });
  step.state =
    status === "completed" ? "done" : data.optional ? "passed" : data.code === "aborted" ? "stopped" : "failed";
  if (step.began !== undefined) step.ms = (step.ms ?? 0) + performance.now() - step.began;
}

function addUp(step, { tokens, usd }) {
  step.tokens += tokens;
  step.usd += usd;
  step.live = undefined;
}

function complete(run, name, data) {
  if (name === "outline") {
    run.outline = { title: data.title, slides: data.slides };
    run.growing = -1;
  }
  if (name === "preview") run.previewUrl = data.preview_url;
  if (name === "export") run.files = data.files;
}

/** A step that is skipped has no event of its own; the next one tells. */
function passBefore(run, name) {
  for (const before of STEPS.slice(0, STEPS.indexOf(name))) {
    if (run.steps[before].state === "waiting") run.steps[before].state = "off";
  }
}
