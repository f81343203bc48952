// A client of its own process: posts a body, prints the step and status of each event, and never ends by itself.
const [, , url, body] = process.argv;
const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
let rest = "";
for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    if (!line.startsWith("data: {")) continue;
    const { step, status } = JSON.parse(line.slice(6));
    process.stdout.write(`${step} ${status}\n`);
  }
}
await new Promise((resolve) => setTimeout(resolve, 60_000));
