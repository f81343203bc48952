import { createRequire } from "node:module";
import "express";

/** The versions of Express that this process has loaded, for the names of tests; one where all is well. */
export const expressVersions: readonly string[] = [
  ...new Set(
    Object.keys(createRequire(import.meta.url).cache).flatMap((file) => {
      const version = /[\\/]express@(\d+\.\d+\.\d+)/.exec(file)?.[1];
      return version === undefined ? [] : [version];
    }),
  ),
];

/** `Express 5.3.0`, as it was loaded. */
export const EXPRESS = `Express ${expressVersions.join(" and ")}`;
