import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Says at the end of a run how many recordings and cases were read right, and which were left out. */
export class RightAndWrong implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    for (const test of tests.filter((one) => one.result().state === "skipped"))
      console.log(`not in scope: ${test.name}`);
    for (const group of ["recordings", "cases"]) {
      const ofGroup = tests.filter((test) => isIn(test, group));
      if (ofGroup.length === 0) continue;
      const count = (state: string) => ofGroup.filter((test) => test.result().state === state).length;
      console.log(`${count("passed")} right, ${count("failed")} wrong`);
    }
  }
}

function isIn({ parent, module }: TestCase, group: string): boolean {
  return module.moduleId.endsWith("recorded-answers.deep.ts") && parent.type === "suite" && parent.name === group;
}
