let own: string | undefined;

/**
 * How this process, with all its threads, calls itself in what it is about to do: `host:pid:token`. Where the system
 * tells when a process began the token says it, so that a later process of the same number has another name.
 */
export function thisProcess(): string {
  own ??= `${hostname()}:${process.pid}:${tokenOf(process.pid) ?? crypto.randomUUID().slice(0, 8)}`;
  return own;
}

/** What is known of the process that began something, and when that was. */
export interface Holder {
  process: string;
  startedAt: number;
}

/**
 * Whether a process is gone. One of this machine is, where its number is nobody's or another's. Of one elsewhere nobody
 * here can tell: it is taken for gone when what it began is older than `staleMs`.
 */
export function isGone({ process: name, startedAt }: Holder, now: number, staleMs: number): boolean {
  if (name === thisProcess()) return false;
  const [, host, number, token = ""] = /^(.*):(\d+):([^:]*)$/.exec(name) ?? [];
  const pid = Number(number);
  if (host === hostname() && Number.isSafeInteger(pid) && pid > 0) {
    const machine = thisMachine();
    if (token.startsWith(`${machine}-`)) {
      const there = tokenOf(pid);
      if (there !== undefined) return there !== token;
      if (!isInUse(pid)) return true;
    } else if (machine === undefined && pid !== process.pid && !isInUse(pid)) return true;
  }
  return now - startedAt > staleMs;
}

/** Which machine, and when the process of this number began; undefined where that is not to be seen. */
function tokenOf(pid: number): string | undefined {
  const machine = thisMachine();
  const began = machine === undefined ? undefined : startOf(pid);
  return began === undefined ? undefined : `${machine}-${began}`;
}

let here: { machine: string | undefined } | undefined;

/** Numbers of processes mean the same within one boot and one namespace only: containers have their own. */
function thisMachine(): string | undefined {
  here ??= { machine: readMachine() };
  return here.machine;
}

function readMachine(): string | undefined {
  const { readFileSync, readlinkSync } = process.getBuiltinModule("node:fs");
  const { createHash } = process.getBuiltinModule("node:crypto");
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1");
    const namespace = readlinkSync("/proc/self/ns/pid");
    return createHash("sha256").update(`${boot} ${namespace}`).digest("hex").slice(0, 12);
  } catch {
    // Only Linux has these files.
    return undefined;
  }
}

/** When a process began, in ticks since the boot; `dead` for one that is only waited for by its parent. */
function startOf(pid: number): string | undefined {
  let stat: string;
  try {
    stat = process.getBuiltinModule("node:fs").readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets, and may hold anything; the state follows it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? "dead" : fields[19];
}

function isInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

let host: string | undefined;

function hostname(): string {
  host ??= process.getBuiltinModule("node:os").hostname();
  return host;
}
