import { readFileSync } from "node:fs";
import { SCENARIOS, type Scenario, type ThirdPartyClient } from "./third-party-client.js";

/** What each client showed in each scenario, as a Markdown table with the versions that ran. */
export class ClientTable {
  readonly #clients: readonly ThirdPartyClient[];
  readonly #cells = new Map<ThirdPartyClient, Map<Scenario, string>>();

  constructor(clients: readonly ThirdPartyClient[]) {
    this.#clients = clients;
    for (const client of clients) this.#cells.set(client, new Map());
  }

  set(client: ThirdPartyClient, scenario: Scenario, cell: string): void {
    this.#cells.get(client)?.set(scenario, cell);
  }

  /** Cells that have neither an outcome nor a reason. */
  gaps(): string[] {
    return this.#clients.flatMap((client) =>
      SCENARIOS.filter((scenario) => this.#cell(client, scenario) === undefined).map((scenario) => {
        return `${client.name}: ${scenario}`;
      }),
    );
  }

  toString(): string {
    const rows = [
      ["", ...this.#clients.map(({ name }) => name)],
      ["loaded", ...this.#clients.map(({ packages }) => packages.map(version).join(", "))],
      ...SCENARIOS.map((scenario) => {
        return [scenario, ...this.#clients.map((client) => this.#cell(client, scenario) ?? "NOT TRIED")];
      }),
    ];
    const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
    const line = (cells: readonly string[]) =>
      `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
    const [head = [], ...rest] = rows.map(line);
    return [head, line(widths.map((width) => "-".repeat(width))), ...rest, ...this.#reasons()].join("\n");
  }

  #reasons(): string[] {
    return this.#clients.flatMap(({ name, without = {} }) =>
      Object.entries(without).map(([scenario, reason]) => `n/a ${name}, ${scenario}: ${reason}`),
    );
  }

  #cell(client: ThirdPartyClient, scenario: Scenario): string | undefined {
    return this.#cells.get(client)?.get(scenario) ?? (client.without?.[scenario] === undefined ? undefined : "n/a");
  }
}

/** The version that is installed beside the tests. */
function version(name: string): string {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  const { version: number } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return `${name.split("/").at(-1)} ${number}`;
}
