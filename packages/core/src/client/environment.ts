import { parseDotEnv } from "./dot-env.js";

/** Where a setting came from. `file` is the `.env` file of the working directory. */
export type Origin = "option" | "env" | "process" | "file";

export interface Variable {
  value: string;
  from: Exclude<Origin, "option">;
}

/** Answers with the variables a client may read. Empty ones count as unset; values are trimmed. */
export interface Environment {
  read(name: string): Variable | undefined;
  /** Why the `.env` file could not be read, where there is one. */
  readonly fileProblem: string | undefined;
}

/**
 * The variables of `env`; by default those of the process, then those of `.env` in the working directory, which is
 * read once and only when a variable is missing. `false` has none.
 */
export function openEnvironment(env: Readonly<Record<string, string | undefined>> | false | undefined): Environment {
  if (env === false) return { read: () => undefined, fileProblem: undefined };
  if (env !== undefined) {
    return {
      read: (name) => variable(Object.hasOwn(env, name) ? env[name] : undefined, "env"),
      fileProblem: undefined,
    };
  }
  let file: { variables: Map<string, string>; problem?: string } | undefined;
  return {
    read(name) {
      const known = variable(process.env[name], "process");
      if (known) return known;
      file ??= readDotEnv();
      return variable(file.variables.get(name), "file");
    },
    get fileProblem() {
      return file?.problem;
    },
  };
}

function variable(value: string | undefined, from: Variable["from"]): Variable | undefined {
  const trimmed = typeof value === "string" ? value.trim() : "";
  return trimmed === "" ? undefined : { value: trimmed, from };
}

function readDotEnv(): { variables: Map<string, string>; problem?: string } {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  const { join } = process.getBuiltinModule("node:path");
  try {
    return { variables: parseDotEnv(readFileSync(join(process.cwd(), ".env"), "utf8")) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    // No file, or a folder of that name (a Python environment): both are common and no mistake.
    if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR") return { variables: new Map() };
    return { variables: new Map(), problem: `the .env file could not be read (${code})` };
  }
}
