import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { printTable } from "./table.js";

async function printed(names: readonly string[], isTTY: boolean): Promise<string[]> {
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const columns = [
    { title: "user", cell: (name: string) => name },
    { title: "requests", cell: () => "7", right: true },
  ];
  const pieces = stdout.toArray();
  await printTable({ stdout }, columns, names);
  stdout.end();
  const text = (await pieces).join("");
  return stripVTControlCharacters(text).split("\n").slice(0, -1);
}

test("names in wide characters stand in line on a terminal", async () => {
  expect(await printed(["王小明", "ann", "안나", "ﾀﾛｳ", "e\u0301va", "😀"], true)).toEqual([
    "user    requests",
    "王小明         7",
    "ann            7",
    "안나           7",
    "ﾀﾛｳ            7",
    "e\u0301va            7",
    "😀             7",
  ]);
});

test("a terminal gets however many rows there are", async () => {
  expect(
    await printed(
      Array.from({ length: 150_000 }, (_, at) => `user-${at}`),
      true,
    ),
  ).toHaveLength(150_001);
});

test("where the output is piped there is a tab between the cells, and nothing is filled up", async () => {
  expect(await printed(["王小明"], false)).toEqual(["user\trequests", "王小明\t7"]);
});
