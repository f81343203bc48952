import { expect, test } from "vitest";
import { asItIs } from "./as-it-is.js";

test("what becomes of a request, of its lists and of its groups of options later does not count", () => {
  const request = {
    prompt: "hi",
    stop: ["a"],
    routing: { order: ["b"] },
    metadata: Object.create(null),
    cache: "auto",
  };
  const before = asItIs(request);
  request.prompt = "later";
  request.stop.push("later");
  request.routing.order = ["later"];
  request.metadata.later = "1";
  expect(before).toEqual({ prompt: "hi", stop: ["a"], routing: { order: ["b"] }, metadata: {}, cache: "auto" });
});

test("what is known by its identity stays the object that it is", () => {
  class Signal {}
  const [schema, signal, tool] = [{ type: "object" }, new Signal(), { name: "t" }];
  const asked = asItIs({ schema, signal, tools: [tool] });
  expect(asked.schema).toBe(schema);
  expect(asked.signal).toBe(signal);
  expect(asked.tools[0]).toBe(tool);
});

test("a request of a class is used as it is, for what it says may need it", () => {
  class Request {
    #prompt = "hi";
    get prompt() {
      return this.#prompt;
    }
  }
  const request = new Request();
  expect(asItIs(request).prompt).toBe("hi");
});

test.each([[null], [undefined], ["text"], [7]])("%j has nothing that could change", (request) => {
  expect(asItIs(request)).toBe(request);
});

test("a key that would replace the prototype stays a key, so that it is refused as one", () => {
  const asked = asItIs(JSON.parse('{"prompt":"hi","__proto__":{"tools":[]}}'));
  expect(Object.keys(asked)).toEqual(["prompt", "__proto__"]);
  expect(Object.getPrototypeOf(asked)).toBe(Object.prototype);
});
