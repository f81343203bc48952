import { mkdir, rename, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const RUN_ID = /^[0-9a-f]{32}$/;
const FILE_NAME = /^[a-z]+\.(?:html|md|json)$/;

/** Keeps the files of finished decks: one folder a run. */
export class DeckFolders {
  readonly root: string;

  /** @param root - made when the first file is written; without one, a folder of this user's among the temporary files */
  constructor(root: string = join(tmpdir(), `deck-studio-${userInfo().username}`)) {
    this.root = root;
  }

  /** Where a file of a run lies, whether or not it is there. Throws RangeError for names that lead elsewhere. */
  path(runId: string, name: string): string {
    if (!RUN_ID.test(runId) || !FILE_NAME.test(name)) throw new RangeError(`not a file of a run: ${runId}/${name}`);
    return join(this.root, runId, name);
  }

  /** Writes a file whole or not at all; tells where the server offers it and how long it is. */
  async write(runId: string, name: string, text: string): Promise<{ url: string; bytes: number }> {
    const file = this.path(runId, name);
    await mkdir(join(this.root, runId), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.part`, text);
    await rename(`${file}.part`, file);
    return { url: `/decks/${runId}/${name}`, bytes: Buffer.byteLength(text) };
  }
}
